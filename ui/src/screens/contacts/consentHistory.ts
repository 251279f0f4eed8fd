// What was said of one person's consent, in words. The server tells it in order, the newest first. Pure.

import type { ConsentEntry } from '../../api/types';
import { words } from '../../shared/format';

const texts = {
  opted_in: 'Consent given',
  opted_out: 'Consent withdrawn',
  suppressed: 'Suppressed',
  released: 'Suppression lifted',
};

export function consentText(entry: Pick<ConsentEntry, 'event' | 'reason'>): string {
  return entry.reason ? `${texts[entry.event]}: ${words(entry.reason).toLowerCase()}` : texts[entry.event];
}
