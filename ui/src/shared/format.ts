// Numbers, money and times in the viewer's own locale and zone.

import type { Campaign, Channel, Counts } from '../api/types';

const whole = new Intl.NumberFormat();
const twoDigits = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' });
const smallDollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', minimumFractionDigits: 4 });
const tinyDollars = new Intl.NumberFormat(undefined, {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
});
const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const number = (value: number) => whole.format(value);
// One digit behind the point; of a small rate, such as 0.05 per second, the first two that say something.
export const decimal = (value: number) => (value !== 0 && Math.abs(value) < 1 ? twoDigits : oneDigit).format(value);
const finest = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 });
export const finePercent = (value: number) => finest.format(value);
export const percent = (value: number) => share.format(value);
// Prices of single messages are fractions of a cent; two digits would show them as nothing. Four stand below each other.
export function money(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 0.2) return dollars.format(value);
  return (size < 0.001 ? tinyDollars : smallDollars).format(value);
}
// "IN" as people read it; what is no code of a country stays as it is.
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' });
// The viewer's zone at that time: "GMT+5:30".
export const zoneOf = (at: Date) => zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
export const utcTime = (at: Date) => `${at.toISOString().slice(11, 19)} UTC`;
export const localTime = (iso: string) => dateTime.format(new Date(iso));
// "2026-11-22", a day that belongs to no zone.
export const day = (iso: string) => (/^\d{4}-\d\d-\d\d$/.test(iso) ? date.format(new Date(`${iso}T00:00:00Z`)) : iso);

export function duration(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} min ${all % 60} s`;
  if (all < 48 * 3600) return `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
  return `${Math.floor(all / 86_400)} days ${Math.floor((all % 86_400) / 3600)} h`;
}

export const channelNames: Record<Channel, string> = { sms: 'SMS', whatsapp: 'WhatsApp', email: 'Email' };

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
// "no_consent" as people read it.
export const words = (code: string) => capital(code.replaceAll('_', ' '));
// "the operator paused it" as a sentence of its own.
export const sentence = (text: string) => capital(/[.!?]$/.test(text) ? text : `${text}.`);

// Amounts in the server's sentences, which are written for every reader alike: "12.3 %" and "0.0278 USD" as this one
// reads them. Other numbers in them stay.
export function localAmounts(text: string): string {
  return text.replace(/(?<![\w.])(-?\d+(?:\.\d+)?) (%|USD)(?!\w)/g, (_, digits: string, unit: string) =>
    unit === '%' ? finePercent(Number(digits) / 100) : money(Number(digits)),
  );
}

type Progressing = Counts & Partial<Pick<Campaign, 'status'>>;

// How far a campaign is with those it writes to. Who was left out beforehand is none of them: a campaign that has not begun
// has done nothing. Cancelling skips who was still waiting, so that a cancelled one is measured by its whole plan.
export function progressOf(counts: Progressing): { done: number; all: number; share: number } {
  const done = counts.accepted + counts.failed + counts.in_doubt;
  const isCancelled = counts.status === 'cancelled';
  const all = isCancelled ? counts.planned : counts.planned - counts.skipped;
  return { done, all, share: all > 0 ? done / all : counts.planned > 0 ? 1 : 0 };
}
// "226 of 248"
export function progressText(counts: Progressing): string {
  const { done, all } = progressOf(counts);
  return `${number(done)} of ${number(all)}`;
}
export const hasEnded = (campaign: Pick<Campaign, 'status'>) =>
  campaign.status === 'completed' || campaign.status === 'cancelled';

export function usedChannels(campaign: Campaign): Channel[] {
  return (['sms', 'whatsapp', 'email'] as const).filter((channel) => campaign.by_channel[channel].planned > 0);
}

// The rate is asked for on each channel; what is measured is all of them together.
export function rateNote(campaign: Campaign): string {
  const { throughput_tps: rate } = campaign;
  const atWork = usedChannels(campaign).filter((channel) => {
    const { waiting, sending } = campaign.by_channel[channel];
    return hasEnded(campaign) || waiting + sending > 0;
  });
  return atWork.length < 2
    ? `${decimal(rate)} asked for`
    : `${decimal(rate)} asked for on each of ${atWork.length} channels`;
}

const limits: Record<string, string> = {
  throughput_tps: 'the rate you chose',
  operator_ceiling: "the operator's ceiling",
  provider_quota: "the provider's quota",
  throttling: 'the carrier asking for less',
  carrier_latency: 'how quickly the carrier answers',
  carrier_unreachable: 'a carrier that cannot be reached; it is tried again by itself',
  budget: 'its budget: other processes hold what is left of it',
  channel_stopped: 'a channel that its carrier has stopped; one message tries it again now and then',
  quiet_hours: 'quiet hours of the people who still wait',
  retry_wait: 'retries that wait for their turn',
  other_workers: 'other processes, which send what is left',
  rate_ledger: 'the shared limiter, which cannot be reached; a safe part of the rate is kept',
};
export const limitText = (code: string) => limits[code] ?? words(code).toLowerCase();

const limitSteps: Record<string, string> = {
  throughput_tps: 'Enter a higher rate to go faster.',
  operator_ceiling: 'It is CLARION_MAX_TPS of this server.',
  provider_quota: 'Quotas & events shows what the provider allows; it has to raise it.',
  throttling: 'Clarion slows down and finds the rate that the carrier takes.',
  carrier_latency: 'Nothing to do: as many messages are under way as make sense.',
  carrier_unreachable: 'Look at the network and at the status of the carrier.',
  quiet_hours: 'They get their messages in the morning of their own time zone.',
  retry_wait: 'They are sent when their time has come.',
  other_workers: 'Nothing to do: they end what they have begun.',
  rate_ledger: 'Look at the table RATE_LIMITS_TABLE; clarion doctor checks it.',
};
// What can be done about it; may be empty.
export const limitStep = (code: string) => limitSteps[code] ?? '';
