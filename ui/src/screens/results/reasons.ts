// The reasons of one state, over all channels, the most frequent first. Pure.

import type { Analytics, DeliveryState } from '../../api/types';

export interface ReasonSum {
  reason: string;
  text: string | null;
  count: number;
}

export function sumByReason(rows: Analytics['by_reason'], state: DeliveryState): ReasonSum[] {
  const sums = new Map<string, ReasonSum>();
  for (const row of rows) {
    if (row.state !== state) continue;
    const sum = sums.get(row.reason) ?? { reason: row.reason, text: row.reason_text, count: 0 };
    sums.set(row.reason, { ...sum, count: sum.count + row.count });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count);
}
