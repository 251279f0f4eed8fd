// A value kept in this browser: preferences and drafts.

import { useCallback, useState } from 'react';

export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(key);
      return text === null ? initial : { ...initial, ...(JSON.parse(text) as T) };
    } catch {
      return initial;
    }
  });
  const store = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Without storage it lives as long as the screen.
      }
    },
    [key],
  );
  return [value, store];
}
