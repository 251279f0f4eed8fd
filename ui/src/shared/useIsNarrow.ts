// Whether the window is as narrow as a phone: where the layout puts things below each other.

import { useSyncExternalStore } from 'react';

const phone = window.matchMedia('(max-width: 688px)');

function subscribe(changed: () => void): () => void {
  phone.addEventListener('change', changed);
  return () => phone.removeEventListener('change', changed);
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => phone.matches);
}
