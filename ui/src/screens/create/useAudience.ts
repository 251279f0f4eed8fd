// What the draft would do, asked of the server each time the draft changes.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { QueryResults } from '../../api/types';
import { startAt, type Draft } from './draft';

export const listedPeople = 25;

// A sentence becomes a filter; the caller keeps what comes back.
export function askSentence(sentence: string): Promise<QueryResults> {
  return call<QueryResults>('POST', '/api/audience/preview', { body: { query: sentence, limit: 0 } });
}

// Which templates and which product's promotion: the same members in the preview and in the campaign.
export function contentOf(draft: Draft) {
  const templates = Object.fromEntries(Object.entries(draft.templates).filter(([, name]) => name));
  return {
    ...(Object.keys(templates).length > 0 ? { templates } : {}),
    ...(draft.sku ? { sku: draft.sku } : {}),
  };
}

export function useAudience(draft: Draft) {
  const body = {
    filter: draft.filter ?? undefined,
    campaign_id: draft.campaignId,
    respect_caps: draft.respectsCaps,
    start_at: startAt(draft)?.toISOString(),
    limit: listedPeople,
    ...contentOf(draft),
  };
  return useQuery({
    queryKey: ['preview', body],
    queryFn: ({ signal }) => call<QueryResults>('POST', '/api/audience/preview', { body, signal }),
    enabled: draft.filter !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
