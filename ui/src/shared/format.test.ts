// In whatever locale the tests run: what is expected is written by the same Intl.

import { expect, test } from 'vitest';
import type { Counts } from '../api/types';
import {
  countryName,
  day,
  decimal,
  finePercent,
  localAmounts,
  money,
  progressOf,
  progressText,
  utcTime,
  zoneOf,
} from './format';

const exact = (value: number) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 }).format(value);
const usd = (value: number, digits: number) =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', minimumFractionDigits: digits }).format(value);

test('a small rate is not shown as none', () => {
  expect(decimal(0.05)).toBe(exact(0.05));
  expect(decimal(0.001)).toBe(exact(0.001));
  expect(decimal(12.34)).toBe(exact(12.3));
  expect(decimal(0)).toBe(exact(0));
});

test('prices of one message have four digits, sums have two', () => {
  expect(money(0.03)).toBe(usd(0.03, 4));
  expect(money(0.0278)).toBe(usd(0.0278, 4));
  expect(money(0.00002)).toBe(usd(0.00002, 5));
  expect(money(8.956)).toBe(usd(8.96, 2));
  expect(money(0)).toBe(usd(0, 2));
});

test('a country and a day are named; what is neither stays as it is', () => {
  expect(countryName('IN')).not.toBe('IN');
  expect(countryName('somewhere')).toBe('somewhere');
  expect(day('2026-11-22')).toContain('22');
  expect(day('2026-11-22')).not.toBe('2026-11-22');
  expect(day('last week')).toBe('last week');
});

test('a moment of a chart has its zone, and its UTC', () => {
  const at = new Date('2026-12-01T06:42:05Z');
  expect(utcTime(at)).toBe('06:42:05 UTC');
  expect(at.toLocaleTimeString(undefined, { timeZoneName: 'short' })).toContain(zoneOf(at));
  expect(zoneOf(at)).not.toBe('');
});

test('progress is of those who are written to', () => {
  const none = { planned: 0, waiting: 0, sending: 0, accepted: 0, delivered: 0, failed: 0, skipped: 0, in_doubt: 0 };
  const counts = (more: Partial<Counts>) => ({ ...none, ...more }) as Counts;
  expect(progressOf(counts({}))).toEqual({ done: 0, all: 0, share: 0 });
  expect(progressOf(counts({ planned: 10, skipped: 2, waiting: 8 })).share).toBe(0);
  const half = counts({ planned: 10, skipped: 2, waiting: 4, accepted: 2, failed: 1, in_doubt: 1 });
  expect(progressOf(half)).toEqual({ done: 4, all: 8, share: 0.5 });
  expect(progressText(half)).toBe('4 of 8');
  expect(progressOf(counts({ planned: 3, skipped: 3 })).share).toBe(1);
  const cancelled = { ...counts({ planned: 10, skipped: 9, accepted: 1 }), status: 'cancelled' as const };
  expect(progressOf(cancelled)).toEqual({ done: 1, all: 10, share: 0.1 });
});

test('amounts in the sentences of the server are written as the reader writes them', () => {
  expect(localAmounts('SMS promises most: 12.3 % respond for 0.0278 USD, worth -1234.5 USD.')).toBe(
    `SMS promises most: ${finePercent(0.123)} respond for ${money(0.0278)}, worth ${money(-1234.5)}.`,
  );
  expect(localAmounts('version 1.2 of 3 USDT, 5 messages')).toBe('version 1.2 of 3 USDT, 5 messages');
});
