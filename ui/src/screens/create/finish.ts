// How long sending takes at a rate, and when the last message leaves. Pure.

import { channels, type Channel, type QueryResults } from '../../api/types';

export interface Finish {
  seconds: number; // of sending, once everybody may be written to
  slowest: Channel;
  endsAt: Date;
}

type Plan = Pick<QueryResults, 'parts_by_channel' | 'time_optimized'>;

// What providers hold single channels to, in messages a second; a channel that is not there has no such limit.
export type Held = Partial<Record<Channel, number>>;

// Each channel has a bucket of its own and they run at the same time: the slowest one decides. The rate counts SMS
// parts; the bucket starts full, so that five seconds' worth goes out at once.
export function finishOf(plan: Plan, rate: number, starts: Date, held: Held = {}): Finish {
  const secondsOf = (channel: Channel) =>
    Math.max(0, plan.parts_by_channel[channel] / Math.min(rate, held[channel] ?? rate) - 5);
  const isSlower = (a: Channel, b: Channel) =>
    secondsOf(b) > secondsOf(a) ||
    (secondsOf(b) === secondsOf(a) && plan.parts_by_channel[b] > plan.parts_by_channel[a]);
  const slowest = channels.reduce((a, b) => (isSlower(a, b) ? b : a));
  const seconds = secondsOf(slowest);
  const lastDue = plan.time_optimized.last_at ? Date.parse(plan.time_optimized.last_at) : 0;
  return { seconds, slowest, endsAt: new Date(Math.max(starts.getTime() + 1000 * seconds, lastDue)) };
}
