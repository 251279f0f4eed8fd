import { expect, it } from 'vitest';
import { sumByReason } from './reasons';

it('adds a reason up over the channels and keeps the states apart', () => {
  const row = (state: 'skipped' | 'failed', channel: 'sms' | 'email' | null, reason: string, count: number) => ({
    state,
    channel,
    reason,
    reason_text: null,
    count,
  });
  const rows = [
    row('skipped', 'sms', 'no_consent', 2),
    row('failed', 'sms', 'invalid_number', 9),
    row('skipped', null, 'no_consent', 3),
    row('skipped', 'email', 'opted_out', 7),
  ];
  expect(sumByReason(rows, 'skipped').map(({ reason, count }) => `${reason} ${count}`)).toEqual([
    'opted_out 7',
    'no_consent 5',
  ]);
});
