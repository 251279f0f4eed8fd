// What is known of one person's consent, newest first: each channel's consent as it was given or withdrawn, and every
// opt-out, complaint and bounce that stands against the addresses now. Pure.

import { channels, type Channel, type ContactDetail } from '../../api/types';
import { words } from '../../shared/format';

export interface ConsentEvent {
  at: string | null; // null: nobody recorded when
  channel: Channel;
  kind: 'opted_in' | 'opted_out' | 'suppressed';
  text: string;
  source: string | null;
}

const texts = { opted_in: 'Consent given', opted_out: 'Consent withdrawn' };

export function consentHistory(contact: Pick<ContactDetail, 'consent' | 'suppressions'>): ConsentEvent[] {
  const given = channels.flatMap((channel): ConsentEvent[] => {
    const { state, at, source } = contact.consent[channel];
    return state === 'unknown' ? [] : [{ at, channel, kind: state, text: texts[state], source }];
  });
  const suppressed = contact.suppressions.map((row): ConsentEvent => ({
    at: row.at,
    channel: row.channel,
    kind: 'suppressed',
    text: `Suppressed: ${words(row.reason).toLowerCase()}`,
    source: row.source,
  }));
  return [...given, ...suppressed].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''));
}
