import { expect, it } from 'vitest';
import type { RunHistory } from '../../api/types';
import { asked, lowerLimit, rates } from './history';

const none = { accepted: [], failed: [], in_doubt: [], throttled: [], retried: [], limit: [] };

function history(at: number[], accepted: number[], more: Partial<RunHistory> = {}): RunHistory {
  const sms = { ...none, accepted, limit: at.map(() => 10) };
  return {
    seconds_per_slice: 1,
    at,
    asked: at.map(() => 10),
    by_channel: { sms, whatsapp: none, email: none },
    ...more,
  };
}

const line = (document: RunHistory, isRunning = false) =>
  rates(document, 'sms', isRunning).map(({ x, y }) => `${x.getTime() / 1000}:${Math.round(y * 100) / 100}`);

it('is the mean of the last five seconds', () => {
  expect(line(history([0, 1, 2, 3, 4, 5], [50, 10, 10, 10, 10, 10]))).toEqual([
    '0:50',
    '1:30',
    '2:23.33',
    '3:20',
    '4:18',
    '5:10',
    '6:8',
    '7:6',
    '8:4',
    '9:2',
    '10:0',
  ]);
});

it('leaves out the slice that is not over', () => {
  expect(line(history([0, 1], [4, 1]), true)).toEqual(['0:4']);
  expect(line(history([0], [4]), true)).toEqual([]);
  expect(line(history([], []), true)).toEqual([]);
});

it('falls to zero while nothing ended', () => {
  const points = line(history([0, 100], [5, 5]));
  expect(points.slice(0, 6)).toEqual(['0:5', '1:2.5', '2:1.67', '3:1.25', '4:1', '5:0']);
  expect(points.slice(-7)).toEqual(['99:0', '100:1', '101:1', '102:1', '103:1', '104:1', '105:0']);
});

it('takes slices as they are when they are longer', () => {
  expect(line(history([0, 8], [80, 40], { seconds_per_slice: 8 }))).toEqual(['0:10', '8:5', '16:0']);
});

it('shows the rate that was asked for as it was then', () => {
  const changed = history([0, 1], [1, 1], { asked: [5, 20] });
  expect(asked(changed, true).map(({ y }) => y)).toEqual([5, 20]);
  expect(asked(changed, false).map(({ x, y }) => [x.getTime(), y])).toEqual([
    [0, 5],
    [1000, 20],
    [6000, 20],
  ]);
});

it('shows a lower limit only where there was one', () => {
  const fast = history([0, 1], [1, 1]);
  expect(lowerLimit(fast, 'sms')).toEqual([]);
  const held = history([0, 1, 2], [1, 0, 1]);
  held.by_channel.sms.limit = [10, 0, 2];
  expect(lowerLimit(held, 'sms').map(({ y }) => y)).toEqual([10, 2]);
});
