import { expect, it } from 'vitest';
import type { ContactDetail } from '../../api/types';
import { consentHistory } from './consentHistory';

const consent = (
  state: 'unknown' | 'opted_in' | 'opted_out',
  at: string | null = null,
  source: string | null = null,
) => ({
  state,
  at,
  source,
});

it('puts consents and suppressions in one order, the newest first, the undated last', () => {
  const contact = {
    consent: {
      sms: consent('opted_in', '2026-01-05T10:00:00Z', 'web form'),
      whatsapp: consent('opted_in'),
      email: consent('unknown'),
    },
    suppressions: [{ channel: 'sms', reason: 'opt_out', source: 'sms event', at: '2026-03-01T08:00:00Z' }],
  } as Pick<ContactDetail, 'consent' | 'suppressions'>;
  expect(consentHistory(contact).map((event) => `${event.channel} ${event.text} ${event.source}`)).toEqual([
    'sms Suppressed: opt out sms event',
    'sms Consent given web form',
    'whatsapp Consent given null',
  ]);
});
