import { describe, expect, it, vi } from 'vitest';
import type { QueryResults } from '../../api/types';
import { checkStep, parseBudget, requestOf } from './checks';
import { emptyDraft, type Draft } from './draft';
import { parseRate } from './rate';

const draft: Draft = {
  ...emptyDraft(),
  campaignId: 'c-1',
  sentence: 'laptops in Pune',
  filter: { field: 'city', operator: '=', value: 'Pune' },
  rate: '10',
  zone: 'UTC',
};
const audience = (eligible: number, matched = eligible) =>
  ({ eligible_count: eligible, total_matched: matched, time_optimized: { count: 0 } }) as QueryResults;

describe('the rate', () => {
  it.each(['', ' ', '0', '-1', 'ten', '1e999'])('refuses "%s"', (text) => {
    expect(parseRate(text).ok).toBe(false);
  });
  it('takes whole and broken numbers', () => {
    expect(parseRate(' 10 ')).toEqual({ ok: true, value: 10 });
    expect(parseRate('0,5')).toEqual({ ok: true, value: 0.5 });
  });
});

describe('the steps', () => {
  it('ask for an audience that may be written to', () => {
    expect(checkStep('audience', { ...draft, filter: null }, undefined, '')).toMatch(/Find people/);
    expect(checkStep('audience', draft, audience(0), '')).toMatch(/Nobody matches/);
    expect(checkStep('audience', draft, audience(0, 3), '')).toMatch(/may be written to/);
    expect(checkStep('audience', draft, audience(3), '')).toBeNull();
  });

  it('never pass over words that were not understood', () => {
    const unsupported = [{ words: 'loyal', reason: 'a judgement' }];
    expect(checkStep('audience', { ...draft, unsupported }, audience(3), '')).toMatch(/not understood/);
    expect(checkStep('audience', { ...draft, unsupported, goesOnWithout: true }, audience(3), '')).toBeNull();
    const everyone = { ...draft, unsupported, goesOnWithout: true, filter: { everyone: true } };
    expect(checkStep('audience', everyone, audience(3), '')).toMatch(/No condition is left/);
  });

  it('ask which of several is meant', () => {
    const ambiguous = [{ words: 'Hyderabad', candidates: ['Hyderabad, IN (city)', 'Hyderabad, PK (city)'] }];
    expect(checkStep('audience', { ...draft, ambiguous }, audience(3), '')).toMatch(/several things/);
    expect(checkStep('audience', { ...draft, ambiguous, meansAll: true }, audience(3), '')).toBeNull();
  });

  it('want a time in the future and a budget that is one', () => {
    vi.setSystemTime('2026-11-22T12:00:00Z');
    const later = { ...draft, startsLater: true, startDate: '2026-11-22', startTime: '' };
    expect(checkStep('pace', later, audience(3), '')).toMatch(/date and the time/);
    expect(checkStep('pace', { ...later, startDate: '2026-11-20', startTime: '10:00' }, audience(3), '')).toMatch(
      /over/,
    );
    expect(checkStep('pace', { ...later, startDate: '2026-11-25', startTime: '10:00' }, audience(3), '')).toBeNull();
    expect(checkStep('pace', { ...draft, budget: 'much' }, audience(3), '')).toMatch(/budget/);
    vi.useRealTimers();
  });

  it('leave nobody waiting for the morning without its being said', () => {
    const asleep = { ...audience(3), time_optimized: { count: 2 } } as QueryResults;
    expect(checkStep('pace', draft, asleep, '')).toMatch(/quiet hours wait: 2 people/);
    expect(checkStep('pace', { ...draft, hasChosenHours: true }, asleep, '')).toBeNull();
    expect(checkStep('pace', { ...draft, keepsQuietHours: false }, asleep, '')).toBeNull();
  });

  it('know the ceiling of the server once it is told', () => {
    expect(checkStep('pace', { ...draft, rate: '1001' }, audience(3), '', 1000)).toMatch(/at most 1,000/);
    expect(checkStep('pace', { ...draft, rate: '1000' }, audience(3), '', 1000)).toBeNull();
    expect(checkStep('pace', { ...draft, rate: '1001' }, audience(3), '')).toBeNull();
  });

  it('want a channel, and a share that is one', () => {
    expect(checkStep('channel', { ...draft, channels: [] }, audience(3), '')).toMatch(/at least one channel/);
    expect(checkStep('channel', { ...draft, exploration: '120' }, audience(3), '')).toMatch(/0 to 100/);
    expect(checkStep('channel', draft, audience(3), '')).toBeNull();
  });

  it('have something to send', () => {
    const none = { ...draft, templates: { sms: '', whatsapp: '', email: '' } };
    expect(checkStep('content', none, audience(3), '')).toMatch(/at least one channel/);
    expect(checkStep('content', { ...draft, templates: { sms: 'news', whatsapp: '' } }, audience(3), '')).toBeNull();
    expect(requestOf({ ...draft, templates: { sms: 'news', whatsapp: '' } }).templates).toEqual({ sms: 'news' });
  });

  it('have a large campaign confirmed by its number', () => {
    expect(checkStep('review', draft, audience(999), '')).toBeNull();
    expect(checkStep('review', draft, audience(1234), '')).toMatch(/1234/);
    expect(checkStep('review', draft, audience(1234), '1,234')).toBeNull();
  });
});

describe('the request', () => {
  it('has what was chosen and nothing else', () => {
    expect(requestOf({ ...draft, templates: { sms: 'news' }, budget: '$12,5' })).toEqual({
      campaign_id: 'c-1',
      name: 'laptops in Pune',
      filter: draft.filter,
      throughput_tps: 10,
      respect_caps: true,
      budget: 12.5,
      templates: { sms: 'news' },
    });
  });
  it('carries the campaign’s own values, and none that was emptied', () => {
    expect(requestOf({ ...draft, variables: { brand: 'Acme', link: ' ' } }).variables).toEqual({ brand: 'Acme' });
  });
  it('reads a budget', () => {
    expect(parseBudget('')).toBeNull();
    expect(parseBudget('0')).toBeUndefined();
    expect(parseBudget('1.5')).toBe(1.5);
  });
});
