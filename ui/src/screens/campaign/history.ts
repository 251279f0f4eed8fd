// The lines of the throughput chart, from how the server kept the run.

import type { Channel, RunHistory } from '../../api/types';

export interface Point {
  x: Date;
  y: number;
}

const window = 5; // seconds that one point is the mean of, where slices are shorter

// Messages per second on one channel. The newest slice of a run that goes on is not over yet, so it has no point; behind
// the last one of a run that has stopped the line falls to zero.
export function rates(history: RunHistory, channel: Channel, isRunning: boolean): Point[] {
  const width = history.seconds_per_slice;
  const accepted = history.by_channel[channel].accepted;
  const end = isRunning ? history.at.length - 1 : history.at.length;
  const span = Math.max(window, width);
  const points: Point[] = [];
  const first = history.at[0]!;
  let from = 0;
  let sum = 0;
  const add = (at: number) => {
    // What ended in (at + width - span, at + width].
    while (from < end && history.at[from]! <= at - span) sum -= accepted[from++]!;
    points.push({ x: new Date(at * 1000), y: sum / Math.min(span, at + width - first) });
  };
  for (let i = 0; i < end; ++i) {
    const at = history.at[i]!;
    const before = history.at[i - 1];
    // While nothing ended there are no slices: the line falls to zero and rises again.
    if (before !== undefined && at - before > width) {
      for (let idle = before + width; idle < at && idle <= before + span; idle += width) add(idle);
      if (at - before > span + width) points.push({ x: new Date((at - width) * 1000), y: 0 });
    }
    sum += accepted[i]!;
    add(at);
  }
  const last = history.at.at(-1);
  if (isRunning || last === undefined) return points;
  for (let idle = last + width; idle <= last + span; idle += width) add(idle);
  return points;
}

// The rate that was asked for, as it was at each time; of a run that has stopped, as far as its lines go.
export function asked(history: RunHistory, isRunning: boolean): Point[] {
  const points = history.at.map((at, i) => ({ x: new Date(at * 1000), y: history.asked[i]! }));
  const last = points.at(-1);
  if (isRunning || !last) return points;
  const span = Math.max(window, history.seconds_per_slice);
  return [...points, { x: new Date(last.x.getTime() + span * 1000), y: last.y }];
}

// What the channel was held to, where that was less than what was asked for; empty when it never was.
export function lowerLimit(history: RunHistory, channel: Channel): Point[] {
  const { limit } = history.by_channel[channel];
  const points = history.at
    .map((at, i) => ({ x: new Date(at * 1000), y: limit[i]!, asked: history.asked[i]! }))
    .filter((point) => point.y > 0);
  return points.some((point) => point.y < point.asked) ? points.map(({ x, y }) => ({ x, y })) : [];
}

export const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
