// The rate as a person types it. There is no default: what is right depends on the account and the recipients.

import { number } from '../../shared/format';

export type Rate = { ok: true; value: number } | { ok: false; error: string };

// `most`: the ceiling of this server, once it is known; the server refuses what is above it in any case.
export function parseRate(text: string, most = Infinity): Rate {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return { ok: false, error: 'Choose how many messages per second; there is no default.' };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { ok: false, error: `"${text.trim()}" is not a number; write one such as 10.` };
  if (value <= 0) return { ok: false, error: 'The rate must be above 0.' };
  if (value < 0.001) return { ok: false, error: 'The rate must be at least 0.001: one message in about 17 minutes.' };
  if (value > most) {
    return {
      ok: false,
      error: `The rate must be at most ${number(most)}, the ceiling of this server (CLARION_MAX_TPS).`,
    };
  }
  return { ok: true, value };
}
