// Answers that are shown and could not be renewed: since when, and why.

import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useSyncExternalStore } from 'react';
import { environmentQuery } from '../api/queries';

export interface Outdated {
  since: number; // when the oldest of them came, in milliseconds
  error: unknown;
}

const isOutdated = ({ state }: Query) => state.error !== null && state.data !== undefined;

export function outdatedOf(queries: readonly Query[]): Outdated | null {
  const old = queries.filter(isOutdated);
  const oldest = old.reduce<Query | null>(
    (least, query) => (least && least.state.dataUpdatedAt <= query.state.dataUpdatedAt ? least : query),
    null,
  );
  return oldest && { since: oldest.state.dataUpdatedAt, error: oldest.state.error };
}

// Of what the screen shows now. The environment has its own strip.
const shown = (client: QueryClient) =>
  client
    .getQueryCache()
    .findAll({ type: 'active', predicate: (query) => query.queryKey[0] !== environmentQuery.queryKey[0] });

export function useOutdated(): Outdated | null {
  const client = useQueryClient();
  const last = useRef<Outdated | null>(null);
  const read = useCallback(() => {
    const next = outdatedOf(shown(client));
    // The same state has to be the same object.
    if (next?.since !== last.current?.since || next?.error !== last.current?.error) last.current = next;
    return last.current;
  }, [client]);
  const subscribe = useCallback((changed: () => void) => client.getQueryCache().subscribe(changed), [client]);
  return useSyncExternalStore(subscribe, read);
}

export function useRenew(): () => void {
  const client = useQueryClient();
  return useCallback(() => void client.refetchQueries({ type: 'active', predicate: isOutdated }), [client]);
}
