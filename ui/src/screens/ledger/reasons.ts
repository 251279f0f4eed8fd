// The reasons that the ledger can be searched for.

import type { Analytics } from '../../api/types';
import { number, words } from '../../shared/format';

export interface ReasonOption {
  value: string;
  label: string;
  description?: string;
}

export const anyReason: ReasonOption = { value: '', label: 'Any reason' };

// What the most are failed or skipped for; src/domain/send_outcome.h and src/decision/exclusion.h have all.
const common = [
  'invalid_address',
  'blocked',
  'invalid_content',
  'opted_out',
  'not_delivered',
  'bounced',
  'ambiguous',
  'no_consent',
  'suppressed',
  'no_address',
  'frequency_cap_day',
  'frequency_cap_week',
  'recent_contact',
  'cancelled',
];

// Those of one campaign with their counts, or the common ones; the one that is asked for is always among them.
export function reasonOptions(byReason: Analytics['by_reason'] | undefined, asked: string | undefined): ReasonOption[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of byReason ?? []) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const options: ReasonOption[] = byReason
    ? [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([value, count]) => ({ value, label: words(value), description: number(count) }))
    : common.map((value) => ({ value, label: words(value) }));
  if (asked && !options.some(({ value }) => value === asked)) options.push({ value: asked, label: words(asked) });
  return [anyReason, ...options];
}
