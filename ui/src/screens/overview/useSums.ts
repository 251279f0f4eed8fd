// What came of the newest campaigns, added up.

import { useQueries } from '@tanstack/react-query';
import { analyticsQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { sumUp, type Sums } from './sums';

const lookedAt = 10;

export interface NewestSums {
  newest: Campaign[];
  sums: Sums;
  isLoading: boolean;
  failure: { error: unknown; retry: () => void } | null; // some are not added up
}

export function useSums(campaigns: readonly Campaign[]): NewestSums {
  const newest = campaigns.filter((campaign) => campaign.planned > 0).slice(0, lookedAt);
  const analytics = useQueries({
    queries: newest.map((campaign) => ({ ...analyticsQuery(campaign.campaign_id), staleTime: 10_000 })),
  });
  const read = analytics.map((query) => query.data).filter((document) => document !== undefined);
  const lost = analytics.filter((query) => query.error && !query.data);
  const failure = lost[0] ? { error: lost[0].error, retry: () => lost.forEach((query) => void query.refetch()) } : null;
  return { newest, sums: sumUp(read), isLoading: analytics.some((query) => query.isPending), failure };
}
