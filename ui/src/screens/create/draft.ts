// The campaign being made: kept in this browser until it is started or thrown away, so that a reload loses nothing.

import { useCallback, useState } from 'react';
import type { Campaign, Channel, Filter } from '../../api/types';
import { campaignPath } from '../campaigns/columns';

export interface Draft {
  campaignId: string; // chosen at once: the same for a repeated click, so that nothing can be sent twice
  name: string;
  sentence: string;
  filter: Filter | null; // what the sentence became, as edited since
  unsupported: { words: string; reason: string; suggestion?: string }[];
  goesOnWithout: boolean; // the words that were not understood are left out knowingly
  sku: string;
  templates: Partial<Record<Channel, string>>; // none: the promotion of the product, else news
  rate: string;
  startsLater: boolean;
  startDate: string; // as typed, in the viewer's zone
  startTime: string;
  respectsCaps: boolean;
  budget: string;
}

const key = 'clarion.draft';

export function newCampaignId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `c-${Date.now().toString(36)}-${random[0]!.toString(36)}${random[1]!.toString(36)}`;
}

export function emptyDraft(): Draft {
  return {
    campaignId: newCampaignId(),
    name: '',
    sentence: '',
    filter: null,
    unsupported: [],
    goesOnWithout: false,
    sku: '',
    templates: {},
    rate: '',
    startsLater: false,
    startDate: '',
    startTime: '',
    respectsCaps: true,
    budget: '',
  };
}

function readDraft(): Draft {
  try {
    const text = localStorage.getItem(key);
    return text === null ? emptyDraft() : { ...emptyDraft(), ...(JSON.parse(text) as Draft) };
  } catch {
    return emptyDraft();
  }
}

export function keepDraft(draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {
    // Without storage the draft lives as long as the screen.
  }
}

export function useDraft(start: Partial<Draft> | null) {
  const [draft, setDraft] = useState<Draft>(() => (start ? { ...emptyDraft(), ...start } : readDraft()));
  const change = useCallback((part: Partial<Draft>) => {
    setDraft((old) => {
      const next = { ...old, ...part };
      keepDraft(next);
      return next;
    });
  }, []);
  const discard = useCallback(() => {
    keepDraft(null);
    setDraft(emptyDraft());
  }, []);
  return { draft, change, discard };
}

// The moment to start at; null when it is now or cannot be read.
export function startAt(draft: Pick<Draft, 'startsLater' | 'startDate' | 'startTime'>): Date | null {
  if (!draft.startsLater || !draft.startDate || !/^\d{2}:\d{2}/.test(draft.startTime)) return null;
  const date = new Date(`${draft.startDate}T${draft.startTime.slice(0, 5)}`);
  return Number.isNaN(date.getTime()) ? null : date;
}

export const clonePath = (campaign: Campaign) => `/campaigns/new?clone=${encodeURIComponent(campaign.campaign_id)}`;

// What a campaign was made with, as the beginning of another. Its rate is not taken over: that is chosen each time.
export function draftOf(campaign: Campaign): Partial<Draft> | null {
  const audience = campaign.audience as { kind?: string; filter?: Filter } | null;
  if (!audience?.filter) return null;
  return {
    name: campaign.name ? `${campaign.name} (again)` : '',
    filter: audience.filter,
    respectsCaps: campaign.respect_caps,
    budget: campaign.budget === null ? '' : String(campaign.budget),
  };
}

export { campaignPath };
