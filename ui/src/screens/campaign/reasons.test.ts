import { expect, it } from 'vitest';
import { inOrder, listedOf, type Reason } from './reasons';

it('lists failures first, then what is in doubt, then exclusions, each with the most people first', () => {
  const row = (state: Reason['state'], count: number): Reason => ({
    state,
    channel: null,
    reason: `${state} ${count}`,
    reason_text: null,
    count,
  });
  const rows = [row('skipped', 44), row('failed', 1), row('in_doubt', 3), row('skipped', 50), row('failed', 7)];
  expect(inOrder(rows).map(({ reason }) => reason)).toEqual([
    'failed 7',
    'failed 1',
    'in_doubt 3',
    'skipped 50',
    'skipped 44',
  ]);
});

it('cuts a long list, but not for a row or two', () => {
  expect([0, 10, 11, 40].map((count) => listedOf(count, false))).toEqual([0, 10, 8, 8]);
  expect(listedOf(40, true)).toBe(40);
});
