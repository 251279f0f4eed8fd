// The rate as a person types it. There is no default: what is right depends on the account and the recipients.

export type Rate = { ok: true; value: number } | { ok: false; error: string };

export function parseRate(text: string): Rate {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return { ok: false, error: 'Choose how many messages per second; there is no default.' };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { ok: false, error: `"${text.trim()}" is not a number; write one such as 10.` };
  if (value <= 0) return { ok: false, error: 'The rate must be above 0.' };
  return { ok: true, value };
}
