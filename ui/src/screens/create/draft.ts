// The campaign being made: kept in this browser until it is started or thrown away, so that a reload loses nothing.

import { useCallback, useEffect, useRef, useState } from 'react';
import { channels, type Campaign, type Channel, type Filter } from '../../api/types';
import { campaignPath } from '../campaigns/columns';
import { instantIn, viewerZone } from './zones';

export interface Draft {
  campaignId: string; // chosen at once: the same for a repeated click, so that nothing can be sent twice
  name: string;
  sentence: string;
  filter: Filter | null; // what the sentence became, as edited since
  unsupported: { words: string; reason: string; suggestion?: string }[];
  goesOnWithout: boolean; // the words that were not understood are left out knowingly
  ambiguous: { words: string; candidates: string[] }[];
  meansAll: boolean; // all that an ambiguous word may mean is meant
  sku: string;
  clonedFrom: string; // what the campaign is called that this one is another of; else empty
  templates: Partial<Record<Channel, string>>; // none: the promotion of the product, else news
  channels: Channel[]; // that may be used
  exploration: string; // percent as typed; empty: as the server has it
  overrides: Record<string, Channel>; // contact id to a channel chosen by hand
  variables: Record<string, string>; // win over those that come with the program; of a contact's field: when it is not known
  rate: string;
  startsLater: boolean;
  startDate: string; // as typed, in that zone
  startTime: string;
  zone: string;
  respectsCaps: boolean;
  keepsQuietHours: boolean;
  hasChosenHours: boolean; // with people in their quiet hours it is decided, not assumed, whether they wait
  budget: string;
}

const key = 'clarion.draft';
let kept: Draft | null = null; // for a browser that stores nothing

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
    ambiguous: [],
    meansAll: false,
    sku: '',
    clonedFrom: '',
    templates: {},
    channels: [...channels],
    exploration: '',
    overrides: {},
    variables: {},
    rate: '',
    startsLater: false,
    startDate: '',
    startTime: '',
    zone: viewerZone,
    respectsCaps: true,
    keepsQuietHours: true,
    hasChosenHours: false,
    budget: '',
  };
}

function readDraft(): Draft {
  try {
    const text = localStorage.getItem(key);
    return text === null ? (kept ?? emptyDraft()) : { ...emptyDraft(), ...(JSON.parse(text) as Draft) };
  } catch {
    return kept ?? emptyDraft();
  }
}

export function keepDraft(draft: Draft | null): void {
  kept = draft;
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

// `start` begins another one, with what is in it. One that has its conditions is the draft from now on; a sentence is
// not before it was understood.
export function useDraft(start: Partial<Draft> | null) {
  const [draft, setDraft] = useState<Draft>(() => (start ? { ...emptyDraft(), ...start } : readDraft()));
  const first = useRef(start?.filter ? draft : null);
  useEffect(() => {
    if (first.current) keepDraft(first.current);
  }, []);
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
export function startAt(draft: Pick<Draft, 'startsLater' | 'startDate' | 'startTime' | 'zone'>): Date | null {
  return draft.startsLater ? instantIn(draft.zone, draft.startDate, draft.startTime.slice(0, 5)) : null;
}

// The server's own choice of a template when none is made: the promotion of the product, else news.
export const defaultName = (sku: string) => (sku ? 'promotion' : 'news');

export const clonePath = (campaign: Campaign) => `/campaigns/new?clone=${encodeURIComponent(campaign.campaign_id)}`;

// What a campaign was made with, as the beginning of another. Its rate is not taken over: that is chosen each time.
export function draftOf(campaign: Campaign): Partial<Draft> | null {
  const audience = campaign.audience as { kind?: string; filter?: Filter } | null;
  if (!audience?.filter) return null;
  return {
    name: campaign.name ? `${campaign.name} (again)` : '',
    filter: audience.filter,
    clonedFrom: campaign.name || campaign.campaign_id,
    channels: channels.filter((channel) => campaign.channels.includes(channel)),
    exploration: String(100 * campaign.decision.exploration),
    respectsCaps: campaign.respect_caps && campaign.caps.per_day + campaign.caps.per_week > 0,
    keepsQuietHours: campaign.respect_caps && campaign.quiet_hours !== false,
    budget: campaign.budget === null ? '' : String(campaign.budget),
  };
}

export { campaignPath };
