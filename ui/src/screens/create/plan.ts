// How the draft wants channels chosen, caps kept and nights respected, as members of a preview or a campaign. Pure.

import { channels, type Channel } from '../../api/types';
import type { Draft } from './draft';

// A channel without a template is not used, whatever else was chosen.
export function usedChannels(draft: Pick<Draft, 'channels' | 'templates'>): Channel[] {
  return channels.filter((channel) => draft.channels.includes(channel) && draft.templates[channel] !== '');
}

// Percent as typed: a number, null for the server's own share, undefined when it is no share.
export function parseShare(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.').replace(/\s*%$/, '');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) && value >= 0 && value <= 100 ? value / 100 : undefined;
}

export function overridesOf(draft: Draft): Record<string, Channel> {
  const used = usedChannels(draft);
  return Object.fromEntries(Object.entries(draft.overrides).filter(([, channel]) => used.includes(channel)));
}

function hoursAndCaps(draft: Draft) {
  if (!draft.respectsCaps && !draft.keepsQuietHours) return { respect_caps: false };
  return {
    respect_caps: true,
    ...(draft.keepsQuietHours ? {} : { quiet_hours: false }),
    ...(draft.respectsCaps ? {} : { caps: { per_day: 0, per_week: 0, hours_between: 0 } }),
  };
}

export function planOf(draft: Draft): Record<string, unknown> {
  const used = usedChannels(draft);
  const exploration = parseShare(draft.exploration);
  const overrides = overridesOf(draft);
  return {
    ...hoursAndCaps(draft),
    ...(used.length > 0 && used.length < channels.length ? { channels: used } : {}),
    ...(typeof exploration === 'number' ? { decision: { exploration } } : {}),
    ...(Object.keys(overrides).length > 0 ? { channel_overrides: overrides } : {}),
  };
}
