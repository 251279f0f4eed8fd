// What each step needs before the next, and the request that the whole draft becomes. Pure.

import type { QueryResults } from '../../api/types';
import { people } from '../../shared/people';
import { isEveryone } from './conditions';
import { startAt, type Draft } from './draft';
import { parseShare, planOf, usedChannels } from './plan';
import { parseRate } from './rate';
import { contentOf } from './useAudience';

export const steps = ['audience', 'channel', 'content', 'pace', 'review'] as const;
export type StepId = (typeof steps)[number];

export const confirmAbove = 1000; // recipients; from there the number has to be typed

export function parseBudget(text: string): number | null | undefined {
  if (text.trim() === '') return null; // none
  const value = Number(text.trim().replace(',', '.').replace(/^\$/, ''));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function checkAudience(draft: Draft, audience: QueryResults | undefined): string | null {
  if (draft.filter === null) return 'Write whom to reach and press "Find people".';
  if (draft.unsupported.length > 0 && isEveryone(draft.filter)) {
    return 'No condition is left without the words that were not understood. Say it differently, or ask for "everyone".';
  }
  if (draft.unsupported.length > 0 && !draft.goesOnWithout) {
    return 'Some words were not understood: say it differently, or tick the box to go on without them.';
  }
  if (draft.ambiguous.length > 0 && !draft.meansAll) {
    return 'Some words may mean several things: say which is meant, or tick the box when the conditions say it.';
  }
  if (!audience) return 'Wait until the people are counted.';
  if (audience.total_matched === 0) return 'Nobody matches. Change the conditions or the sentence.';
  if (audience.eligible_count === 0)
    return 'People match, but nobody of them may be written to; the reasons stand with “Who gets none”.';
  return null;
}

// Every channel that may be used was left out.
const isNothingChosen = (draft: Draft) => usedChannels(draft).length === 0;

// With people in their quiet hours, waiting is a decision: it makes minutes into a night.
export function checkHours(draft: Draft, audience: QueryResults | undefined): string | null {
  const waiting = audience?.time_optimized.count ?? 0;
  if (waiting === 0 || draft.hasChosenHours || !draft.keepsQuietHours) return null;
  return `Choose whether those in their quiet hours wait: ${people(waiting)}.`;
}

function checkPace(draft: Draft, audience: QueryResults | undefined, most: number | undefined): string | null {
  const rate = parseRate(draft.rate, most);
  if (!rate.ok) return rate.error;
  if (draft.startsLater) {
    const at = startAt(draft);
    if (!at) return 'Give the date and the time to start at.';
    if (at.getTime() < Date.now()) return 'The time to start at is over; choose a later one, or start now.';
  }
  if (parseBudget(draft.budget) === undefined) return 'The budget must be an amount above 0 in US dollars, or empty.';
  return checkHours(draft, audience);
}

// One sentence that says what is missing; nothing when the step is complete.
export function checkStep(
  step: StepId,
  draft: Draft,
  audience: QueryResults | undefined,
  confirmation: string,
  most?: number, // messages a second that this server allows, once it is known
): string | null {
  if (step === 'audience') return checkAudience(draft, audience);
  if (step === 'channel' && draft.channels.length === 0) return 'Choose at least one channel that may be used.';
  if (step === 'channel' && parseShare(draft.exploration) === undefined)
    return 'The exploration share must be from 0 to 100 percent, or empty.';
  if (step === 'content' && isNothingChosen(draft)) return 'Choose a template for at least one channel.';
  if (step === 'pace') return checkPace(draft, audience, most);
  if (step === 'review' && audience && audience.eligible_count >= confirmAbove) {
    if (confirmation.replace(/\D/g, '') !== String(audience.eligible_count)) {
      return `Type the number of recipients, ${audience.eligible_count}, to confirm.`;
    }
  }
  return null;
}

export function requestOf(draft: Draft): Record<string, unknown> {
  const rate = parseRate(draft.rate);
  const at = startAt(draft);
  const budget = parseBudget(draft.budget);
  return {
    campaign_id: draft.campaignId,
    name: draft.name.trim() || draft.sentence.trim().slice(0, 200) || undefined,
    filter: draft.filter,
    throughput_tps: rate.ok ? rate.value : undefined,
    ...planOf(draft),
    ...(at ? { start_at: at.toISOString() } : {}),
    ...(budget ? { budget } : {}),
    ...contentOf(draft),
  };
}
