import { expect, it } from 'vitest';
import type { Analytics } from '../../api/types';
import { costsOf } from './costs';

const analytics = {
  by_channel: {
    sms: { planned: 12, skipped: 2, accepted: 8 },
    whatsapp: { planned: 3, skipped: 3, accepted: 0 },
    email: { planned: 5, skipped: 0, accepted: 0 },
  },
  response: {
    sms: { estimated_cost: 0.1, actual_cost: 0.08 },
    whatsapp: { estimated_cost: 0, actual_cost: 0 },
    email: { estimated_cost: 0.5, actual_cost: 0 },
  },
} as unknown as Analytics;

it('sets the real cost of each channel beside its estimate', () => {
  const [sms, email] = costsOf(analytics, ['sms', 'email']);
  expect(sms).toMatchObject({ channel: 'sms', planned: 10, sent: 8, estimated: 0.1, actual: 0.08, perMessage: 0.01 });
  expect(sms!.difference).toBeCloseTo(-0.02);
  expect(sms!.share).toBeCloseTo(-0.2);
  expect(email).toMatchObject({ planned: 5, sent: 0, difference: -0.5, share: -1, perMessage: null });
});

it('makes no share of nothing', () => {
  expect(costsOf(analytics, ['whatsapp'])).toMatchObject([{ planned: 0, share: null, perMessage: null }]);
});
