// Which provider's rate a campaign will meet, channel by channel. Pure.

import { channels, type Channel, type Quotas } from '../../api/types';
import type { Held } from './finish';

export interface MetLimit {
  channel: Channel;
  perSecond: number;
  source: string;
}

export function heldOf(quotas: Quotas | undefined): Held {
  const held: Held = {};
  for (const channel of channels) {
    const rate = quotas?.by_channel[channel].held_to?.per_second;
    if (rate) held[channel] = rate;
  }
  return held;
}

// Of the channels that are used, those whose provider allows less than the rate.
export function limitsMet(quotas: Quotas | undefined, used: readonly Channel[], rate: number): MetLimit[] {
  return used.flatMap((channel) => {
    const held = quotas?.by_channel[channel].held_to;
    return held && held.per_second < rate ? [{ channel, perSecond: held.per_second, source: held.source }] : [];
  });
}
