import { useDeferredValue } from 'react';

// An answer that much is drawn of. The first one is drawn in slices, between which the page goes on answering; those after it at once.
export function useInSlices<T>(data: T | undefined): T | undefined {
  const first = useDeferredValue(data);
  return first === undefined ? undefined : data;
}
