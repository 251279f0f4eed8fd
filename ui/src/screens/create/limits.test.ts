import { expect, it } from 'vitest';
import type { Quotas } from '../../api/types';
import { heldOf, limitsMet } from './limits';

const quotas = {
  max_tps: 1000,
  by_channel: {
    sms: { held_to: { per_second: 20, burst: 100, source: 'AWS' } },
    whatsapp: { held_to: null },
    email: { held_to: { per_second: 14, burst: 70, source: 'AWS' } },
  },
} as unknown as Quotas;

it('names the providers’ rates that are lower than the one chosen, of the channels that are used', () => {
  expect(limitsMet(quotas, ['sms', 'whatsapp'], 50)).toEqual([{ channel: 'sms', perSecond: 20, source: 'AWS' }]);
  expect(limitsMet(quotas, ['sms', 'email'], 14)).toEqual([]);
  expect(limitsMet(undefined, ['sms'], 50)).toEqual([]);
  expect(heldOf(quotas)).toEqual({ sms: 20, email: 14 });
});
