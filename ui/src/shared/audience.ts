// Whom a campaign was made for, in one line.

import type { Campaign } from '../api/types';

interface Audience {
  kind?: string;
  users?: number;
  sql_query?: string;
  filter?: unknown;
}

const audienceOf = (campaign: Pick<Campaign, 'audience'>) => campaign.audience as Audience | null;

// "city = 'Bangalore'", "A list of 12".
export function audienceText(campaign: Pick<Campaign, 'audience' | 'retry_of'>): string {
  if (campaign.retry_of) return `The failed of ${campaign.retry_of}`;
  const audience = audienceOf(campaign);
  if (!audience) return '–';
  if (audience.kind === 'list') return audience.users === undefined ? 'A list' : `A list of ${audience.users}`;
  if (audience.sql_query === 'TRUE') return 'Everyone';
  return audience.sql_query || 'A filter';
}

// Why there cannot be another campaign to the same audience; nothing when there can: only what was asked of the contacts can
// be asked again.
export function whyNoClone(campaign: Pick<Campaign, 'audience' | 'retry_of'>): string | null {
  if (campaign.retry_of)
    return `It was sent to the failed of ${campaign.retry_of}: clone that campaign, or write to its failed from its recipients.`;
  return audienceOf(campaign)?.filter ? null : 'It was sent to an explicit list, which belongs to whoever sent it.';
}
