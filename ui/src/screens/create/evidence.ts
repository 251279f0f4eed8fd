// Why one person gets no message, with the figures of the rule as this reader writes numbers. Pure.

import type { QueryResults } from '../../api/types';
import { channelNames, decimal, localAmounts, money, percent, words } from '../../shared/format';

export type Excluded = QueryResults['suppressed']['users'][number];

// "Opted out, SMS"
export const ruleText = ({ rule, channel }: Pick<Excluded, 'rule' | 'channel'>) =>
  channel ? `${words(rule)}, ${channelNames[channel]}` : words(rule);

// The server's own sentence where a rule has no figures, or where it names the campaign that counts.
export function evidenceText({
  rule,
  value = 0,
  threshold = 0,
  reason,
}: Omit<Excluded, 'customer_id' | 'name'>): string {
  const namesCampaign = reason.includes("ampaign '");
  switch (rule) {
    case 'recent_complaint':
      return `The last complaint was ${decimal(value)} days ago; the rule waits ${decimal(threshold)} days.`;
    case 'negative_sentiment':
      return `The mood is ${decimal(value)}, from −1 to 1; the rule asks for at least ${decimal(threshold)}.`;
    case 'recent_contact':
      return namesCampaign
        ? reason
        : `The last message was ${decimal(value)} hours ago; the rule waits ${decimal(threshold)} hours.`;
    case 'frequency_cap_week':
    case 'frequency_cap_day': {
      const span = rule === 'frequency_cap_day' ? '24 hours' : '7 days';
      return namesCampaign
        ? reason
        : `${decimal(value)} messages in the last ${span}; the cap is ${decimal(threshold)}.`;
    }
    case 'not_worth_sending':
      return `The best channel is expected to lose ${money(-value)}.`;
    case 'holdout':
      return `Held out for comparison, as ${percent(threshold)} of the people are.`;
    default:
      return localAmounts(reason);
  }
}
