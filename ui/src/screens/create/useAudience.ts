// What the draft would do, asked of the server each time the draft changes.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '../../api/client';
import type { QueryResults } from '../../api/types';
import { useSettled } from '../../shared/useSettled';
import { startAt, type Draft } from './draft';
import { planOf } from './plan';

export const listedPeople = 25;

// A sentence becomes a filter; the caller keeps what comes back.
export function askSentence(sentence: string): Promise<QueryResults> {
  return call<QueryResults>('POST', '/api/audience/preview', { body: { query: sentence, limit: 0 } });
}

// The campaign's own values of variables; one that was emptied has none.
export function variablesOf(draft: Draft) {
  const variables = Object.fromEntries(Object.entries(draft.variables).filter(([, value]) => value.trim()));
  return Object.keys(variables).length > 0 ? { variables } : {};
}

// Which templates, which product's promotion and which variables: the same members in the preview and in the campaign.
export function contentOf(draft: Draft) {
  const templates = Object.fromEntries(Object.entries(draft.templates).filter(([, name]) => name));
  return {
    ...(Object.keys(templates).length > 0 ? { templates } : {}),
    ...(draft.sku ? { sku: draft.sku } : {}),
    ...variablesOf(draft),
  };
}

export function previewOf(draft: Draft): Record<string, unknown> {
  return {
    filter: draft.filter ?? undefined,
    ...planOf(draft),
    start_at: startAt(draft)?.toISOString(),
    limit: listedPeople,
    ...contentOf(draft),
  };
}

export function useAudience(draft: Draft) {
  // What is typed into a variable or a time asks once, not with every key.
  const text = useSettled(JSON.stringify(previewOf(draft)), 250);
  const body = JSON.parse(text) as Record<string, unknown>;
  const query = useQuery({
    queryKey: ['preview', body],
    queryFn: ({ signal }) => call<QueryResults>('POST', '/api/audience/preview', { body, signal }),
    enabled: body.filter !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  // When the server refuses a change, a template that lacks a value for instance, the last plan stays in sight: else
  // the step on which it can be mended would be gone.
  const last = useRef<QueryResults>(undefined);
  if (query.data) last.current = query.data;
  return {
    data: query.data ?? (draft.filter === null ? undefined : last.current),
    error: query.error,
    isFetching: query.isFetching,
    refetch: query.refetch,
    // Whether what is shown is of an older draft.
    isBehind: query.isPlaceholderData || query.isError || text !== JSON.stringify(previewOf(draft)),
  };
}
