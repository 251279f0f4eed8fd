import { expect, it } from 'vitest';
import type { Allowance } from '../../api/types';
import { figureName, figureOf, figureText, usedShare } from './figures';

const row = (more: Partial<Allowance>): Allowance => ({
  figure: 'recipients_in_24_hours',
  limit: null,
  used: null,
  text: null,
  state: 'fine',
  note: null,
  source: 'SES GetAccount',
  at: '2026-11-30T12:00:00Z',
  ...more,
});

it('says what is used of what is allowed', () => {
  const day = row({ limit: 50_000, used: 1_200 });
  expect(figureText(day)).toBe('1,200 of 50,000');
  expect(usedShare(day)).toBeCloseTo(0.024);
  expect(usedShare(row({ limit: 100, used: 130 }))).toBe(1);
});

it('says that there is no limit, or that nobody tells', () => {
  expect(figureText(row({ used: 7 }))).toBe('7 used, no limit');
  expect(figureText(row({ figure: 'parts_per_second' }))).toBe('not told');
  expect(usedShare(row({ used: 7 }))).toBeNull();
});

it('reads money, rates and words as what they are', () => {
  expect(figureText(row({ figure: 'usd_per_month', limit: 1000 }))).toBe('$1,000.00');
  expect(figureText(row({ figure: 'recipients_per_second', limit: 14.5 }))).toBe('14.5');
  expect(figureText(row({ figure: 'quality', text: 'GREEN' }))).toBe('Green');
  expect(figureText(row({ figure: 'account', text: 'sandbox' }))).toBe('Sandbox');
});

it('names the number that a rate is of', () => {
  expect(figureOf(row({ figure: 'parts_per_second', limit: 3, text: '+12065550100 US TOLL_FREE' }))).toContain('+1206');
  expect(figureOf(row({ figure: 'quality', text: 'GREEN' }))).toBeNull();
  expect(figureName('something_new')).toBe('Something new');
});
