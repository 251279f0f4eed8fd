import { expect, it } from 'vitest';
import { emptyDraft, type Draft } from './draft';
import { parseShare, planOf } from './plan';

const plan = (change: Partial<Draft> = {}) => planOf({ ...emptyDraft(), ...change });

it('says nothing of what was not chosen', () => {
  expect(plan()).toEqual({ respect_caps: true });
});

it('keeps caps and quiet hours apart', () => {
  expect(plan({ keepsQuietHours: false })).toEqual({ respect_caps: true, quiet_hours: false });
  expect(plan({ respectsCaps: false })).toEqual({
    respect_caps: true,
    caps: { per_day: 0, per_week: 0, hours_between: 0 },
  });
  // With respect_caps false the server takes neither of the others.
  expect(plan({ respectsCaps: false, keepsQuietHours: false })).toEqual({ respect_caps: false });
});

it('names the channels when they are fewer, and no override on one that is left out', () => {
  const chosen = { channels: ['sms', 'email'], overrides: { A: 'sms', B: 'whatsapp' } } as Partial<Draft>;
  expect(plan(chosen)).toMatchObject({ channels: ['sms', 'email'], channel_overrides: { A: 'sms' } });
  expect(plan({ ...chosen, templates: { sms: '', whatsapp: 'news', email: 'news' } })).toEqual({
    respect_caps: true,
    channels: ['email'],
  });
});

it('reads a share in percent', () => {
  expect(parseShare(' 7,5 %')).toBe(0.075);
  expect(parseShare('')).toBeNull();
  for (const text of ['-1', '101', 'some']) expect(parseShare(text)).toBeUndefined();
  expect(plan({ exploration: '0' })).toMatchObject({ decision: { exploration: 0 } });
});
