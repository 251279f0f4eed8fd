// The people a filter of the ledger names, as the beginning of another campaign. Nothing is sent by this: the new campaign
// goes through its own steps, rules and checks.

import { call } from '../../api/client';
import type { Delivery } from '../../api/types';
import { emptyDraft, keepDraft } from '../create/draft';

const most = 10_000; // values that one condition may have

interface Page {
  deliveries: Delivery[];
  next: string | null;
}

// How many people there are; above `most` only the first are taken, and the caller says so.
export async function draftForFailed(
  campaign: { campaign_id: string; name: string },
  filter: Record<string, string | undefined>,
): Promise<{ people: number; isCut: boolean }> {
  const ids = new Set<string>();
  let after: string | undefined;
  let isCut = false;
  do {
    const page: Page = await call<Page>('GET', '/api/deliveries', {
      query: { ...filter, state: 'failed', after, limit: 1000 },
    });
    for (const { contact_id } of page.deliveries) {
      if (contact_id && ids.size < most) ids.add(contact_id);
      else if (contact_id && !ids.has(contact_id)) isCut = true;
    }
    after = page.next ?? undefined;
  } while (after !== undefined && !isCut);
  if (ids.size > 0) {
    keepDraft({
      ...emptyDraft(),
      name: `${campaign.name || campaign.campaign_id}: failed, again`,
      filter: { field: 'id', operator: 'in', value: [...ids] },
    });
  }
  return { people: ids.size, isCut };
}
