// The reasons why people got no message, over all channels. What went wrong comes before what was decided beforehand; then
// the most people first. Pure.

import type { Analytics, DeliveryState } from '../../api/types';

export type Reason = Analytics['by_reason'][number];

export interface ReasonGroup {
  state: DeliveryState;
  reason: string;
  text: string | null;
  count: number;
  rows: Reason[]; // one a channel
}

const order: readonly DeliveryState[] = ['failed', 'in_doubt', 'skipped'];
const most = 10;
const usual = 8;

export function grouped(reasons: readonly Reason[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  for (const row of [...reasons].sort((a, b) => b.count - a.count)) {
    const key = `${row.state} ${row.reason}`;
    const group = groups.get(key) ?? {
      state: row.state,
      reason: row.reason,
      text: row.reason_text,
      count: 0,
      rows: [],
    };
    group.count += row.count;
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.count - a.count);
}

// How many of so many are listed before all are asked for: a few more are worth no button.
export const listedOf = (count: number, wantsAll: boolean) => (wantsAll || count <= most ? count : usual);
