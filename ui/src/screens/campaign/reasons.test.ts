import { expect, it } from 'vitest';
import { grouped, listedOf, type Reason } from './reasons';

const row = (state: Reason['state'], count: number, reason = `${state} ${count}`, channel: Reason['channel'] = null) =>
  ({ state, channel, reason, reason_text: null, count }) satisfies Reason;

it('lists failures first, then what is in doubt, then exclusions, each with the most people first', () => {
  const rows = [row('skipped', 44), row('failed', 1), row('in_doubt', 3), row('skipped', 50), row('failed', 7)];
  expect(grouped(rows).map(({ reason }) => reason)).toEqual([
    'failed 7',
    'failed 1',
    'in_doubt 3',
    'skipped 50',
    'skipped 44',
  ]);
});

it('adds a reason up over the channels and keeps the states apart', () => {
  const rows = [
    row('failed', 2, 'opted_out', 'sms'),
    row('failed', 5, 'opted_out', 'email'),
    row('skipped', 9, 'opted_out'),
  ];
  expect(grouped(rows).map(({ state, count, rows: parts }) => [state, count, parts.map((r) => r.channel)])).toEqual([
    ['failed', 7, ['email', 'sms']],
    ['skipped', 9, [null]],
  ]);
});

it('cuts a long list, but not for a row or two', () => {
  expect([0, 10, 11, 40].map((count) => listedOf(count, false))).toEqual([0, 10, 8, 8]);
  expect(listedOf(40, true)).toBe(40);
});
