// The rates of a running campaign over time: one sample a second, the newest five minutes.

import { channels, type Campaign, type Channel } from '../../api/types';

export interface Sample {
  at: number; // ms since 1970
  rates: Record<Channel, number>; // messages per second
  limit: number;
}

const everyMs = 1000;
const most = 300;

export function addSample(samples: readonly Sample[], campaign: Campaign, now: number): readonly Sample[] {
  const last = samples.at(-1);
  const rates = { sms: 0, whatsapp: 0, email: 0 };
  for (const channel of channels) rates[channel] = campaign.by_channel[channel].rate_now;
  const sample = { at: now, rates, limit: campaign.throughput_tps };
  if (last && now - last.at < everyMs) return samples;
  return [...samples.slice(-(most - 1)), sample];
}
