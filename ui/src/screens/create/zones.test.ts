import { expect, it } from 'vitest';
import { instantIn } from './zones';

const utc = (zone: string, date: string, time: string) => instantIn(zone, date, time)?.toISOString().slice(0, 16);

it('reads a wall clock in its own zone, not in the viewer’s', () => {
  expect(utc('Asia/Kolkata', '2026-12-01', '09:30')).toBe('2026-12-01T04:00');
  expect(utc('America/New_York', '2026-12-01', '09:30')).toBe('2026-12-01T14:30');
  expect(utc('America/New_York', '2026-07-01', '09:30')).toBe('2026-07-01T13:30');
  expect(utc('Pacific/Kiritimati', '2026-12-01', '00:00')).toBe('2026-11-30T10:00');
});

it('takes the first of two moments, and goes on past a time that the clock skips', () => {
  // Berlin: 2026-10-25 03:00 becomes 02:00 again; 2026-03-29 02:00 becomes 03:00.
  expect(utc('Europe/Berlin', '2026-10-25', '02:30')).toBe('2026-10-25T00:30');
  expect(utc('Europe/Berlin', '2026-03-29', '02:30')).toBe('2026-03-29T01:30');
  expect(utc('Europe/Berlin', '2026-03-29', '03:30')).toBe('2026-03-29T01:30');
});

it('knows what is no date or time', () => {
  expect(instantIn('UTC', '', '09:00')).toBeNull();
  expect(instantIn('UTC', '2026-12-01', '9')).toBeNull();
  expect(instantIn('UTC', '2026-13-41', '09:00')).toBeNull();
});
