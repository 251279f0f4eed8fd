// How long sending takes at a rate, and when the last message leaves. Pure.

import { channels, type Channel, type QueryResults } from '../../api/types';

export interface Finish {
  seconds: number; // of sending, once everybody may be written to
  slowest: Channel;
  endsAt: Date;
}

type Plan = Pick<QueryResults, 'parts_by_channel' | 'time_optimized'>;

// Each channel has a bucket of its own and they run at the same time: the largest one decides. The rate counts SMS
// parts; the bucket starts full, so that five seconds' worth goes out at once.
export function finishOf(plan: Plan, rate: number, starts: Date): Finish {
  const parts = plan.parts_by_channel;
  const slowest = channels.reduce((a, b) => (parts[b] > parts[a] ? b : a));
  const seconds = Math.max(0, parts[slowest] / rate - 5);
  const lastDue = plan.time_optimized.last_at ? Date.parse(plan.time_optimized.last_at) : 0;
  return { seconds, slowest, endsAt: new Date(Math.max(starts.getTime() + 1000 * seconds, lastDue)) };
}
