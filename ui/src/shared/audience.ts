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

// An explicit list belongs to whoever sent it; only what was asked of the contacts can be asked again.
export const canClone = (campaign: Pick<Campaign, 'audience'>) => audienceOf(campaign)?.filter !== undefined;
