import { expect, it } from 'vitest';
import { finishOf } from './finish';

const starts = new Date('2026-12-01T10:00:00Z');
const plan = (sms: number, email: number, lastAt: string | null = null) => ({
  parts_by_channel: { sms, whatsapp: 0, email },
  time_optimized: { count: 0, users: [], first_at: lastAt, last_at: lastAt },
});

it('lasts as long as the channel with the most parts, less the burst', () => {
  const finish = finishOf(plan(1000, 400), 10, starts);
  expect(finish.slowest).toBe('sms');
  expect(finish.seconds).toBe(95);
  expect(finish.endsAt.toISOString()).toBe('2026-12-01T10:01:35.000Z');
});

it('is over at once when everything fits the burst', () => {
  expect(finishOf(plan(20, 50), 10, starts).seconds).toBe(0);
});

it('does not end before the last of those who wait', () => {
  expect(finishOf(plan(20, 50, '2026-12-02T08:00:00Z'), 10, starts).endsAt.toISOString()).toBe(
    '2026-12-02T08:00:00.000Z',
  );
});

it('takes the provider’s limit where it is lower than the rate', () => {
  const finish = finishOf(plan(1000, 400), 10, starts, { email: 1, sms: 50 });
  expect(finish.slowest).toBe('email');
  expect(finish.seconds).toBe(395);
});
