import { expect, it } from 'vitest';
import { audienceText, whyNoClone } from './audience';

const of = (audience: Record<string, unknown> | null) => ({ audience, retry_of: null, fallback_of: null });

it('is said in one line', () => {
  expect(audienceText(of({ kind: 'list', users: 12 }))).toBe('A list of 12');
  expect(audienceText(of({ kind: 'segment', sql_query: "city = 'Pune'", filter: {} }))).toBe("city = 'Pune'");
  expect(audienceText(of({ kind: 'segment', sql_query: 'TRUE', filter: {} }))).toBe('Everyone');
  expect(audienceText(of(null))).toBe('–');
  expect(audienceText({ ...of({ kind: 'list' }), retry_of: 'spring' })).toBe('The failed of spring');
  expect(audienceText({ ...of({ kind: 'segment' }), fallback_of: 'spring' })).toBe(
    'By another channel, the failed of spring',
  );
});

it('can be asked again when it was a filter', () => {
  expect(whyNoClone(of({ kind: 'segment', filter: { everyone: true } }))).toBeNull();
  expect(whyNoClone(of({ kind: 'list', users: 3 }))).toMatch(/explicit list/);
  expect(whyNoClone(of(null))).toMatch(/explicit list/);
  expect(whyNoClone({ ...of({ kind: 'segment' }), retry_of: 'spring' })).toMatch(/sent to the failed of spring/);
  expect(whyNoClone({ ...of({ kind: 'segment', filter: {} }), fallback_of: 'spring' })).toMatch(/the failed of spring/);
});
