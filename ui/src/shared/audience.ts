// Whom a campaign was made for, in one line.

import type { Campaign } from '../api/types';

interface Audience {
  kind?: string;
  users?: number;
  sql_query?: string;
  filter?: unknown;
}

const audienceOf = (campaign: Pick<Campaign, 'audience'>) => campaign.audience as Audience | null;

type Audienced = Pick<Campaign, 'audience' | 'retry_of' | 'fallback_of'>;

// The campaign to whose failed this one was sent, and who of them, for people: `who` goes before its id.
export function followedBy(campaign: Audienced): { who: string; id: string } | null {
  if (campaign.retry_of) return { who: 'The failed of', id: campaign.retry_of };
  if (campaign.fallback_of) return { who: 'By another channel, the failed of', id: campaign.fallback_of };
  return null;
}

// "city = 'Bangalore'", "A list of 12".
export function audienceText(campaign: Audienced): string {
  const followed = followedBy(campaign);
  if (followed) return `${followed.who} ${followed.id}`;
  const audience = audienceOf(campaign);
  if (!audience) return '–';
  if (audience.kind === 'list') return audience.users === undefined ? 'A list' : `A list of ${audience.users}`;
  if (audience.sql_query === 'TRUE') return 'Everyone';
  return audience.sql_query || 'A filter';
}

// Why there cannot be another campaign to the same audience; nothing when there can: only what was asked of the contacts can
// be asked again.
export function whyNoClone(campaign: Audienced): string | null {
  const followed = followedBy(campaign);
  if (followed)
    return `It was sent to the failed of ${followed.id}: clone that campaign, or write to its failed from its recipients.`;
  return audienceOf(campaign)?.filter ? null : 'It was sent to an explicit list, which belongs to whoever sent it.';
}
