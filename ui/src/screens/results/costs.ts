// What each channel was planned to cost and what it came to. Pure.

import type { Analytics, Channel } from '../../api/types';

export interface ChannelCost {
  channel: Channel;
  planned: number; // people who were to get a message
  sent: number;
  estimated: number;
  actual: number;
  difference: number;
  share: number | null; // of the estimate; none where nothing was estimated
  perMessage: number | null; // none before the first was sent
}

export function costsOf({ by_channel, response }: Analytics, used: readonly Channel[]): ChannelCost[] {
  return used.map((channel) => {
    const { planned, skipped, accepted } = by_channel[channel];
    const { estimated_cost: estimated, actual_cost: actual } = response[channel];
    const difference = actual - estimated;
    return {
      channel,
      planned: planned - skipped,
      sent: accepted,
      estimated,
      actual,
      difference,
      share: estimated > 0 ? difference / estimated : null,
      perMessage: accepted > 0 ? actual / accepted : null,
    };
  });
}
