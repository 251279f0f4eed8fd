import { expect, it } from 'vitest';
import type { Analytics } from '../../api/types';
import { sumUp } from './sums';

const document = (count: number) =>
  ({
    by_reason: [
      { state: 'failed', channel: 'sms', reason: 'invalid_address', reason_text: 'x', count },
      { state: 'skipped', channel: null, reason: 'no_consent', reason_text: null, count: 100 },
    ],
    by_channel: { email: { accepted: 1000 } },
    response: { email: { bounced: 5, complained: 1 } },
  }) as unknown as Analytics;

it('adds up reasons by state, channel and code, the most frequent first', () => {
  const sums = sumUp([document(1), document(2)]);
  expect(sums.reasons.map(({ reason, count }) => [reason, count])).toEqual([
    ['no_consent', 200],
    ['invalid_address', 3],
  ]);
  expect(sums).toMatchObject({ emailsSent: 2000, bounced: 10, complained: 2 });
});

it('of nothing is nothing', () => {
  expect(sumUp([])).toEqual({ reasons: [], emailsSent: 0, bounced: 0, complained: 0 });
});
