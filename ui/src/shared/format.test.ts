// In whatever locale the tests run: what is expected is written by the same Intl.

import { expect, test } from 'vitest';
import { countryName, day, decimal, money, utcTime, zoneOf } from './format';

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
