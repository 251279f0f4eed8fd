import { expect, it } from 'vitest';
import { consentText } from './consentHistory';

it('says in words what was said of a consent', () => {
  expect(consentText({ event: 'opted_in', reason: null })).toBe('Consent given');
  expect(consentText({ event: 'opted_out', reason: null })).toBe('Consent withdrawn');
  expect(consentText({ event: 'suppressed', reason: 'hard_bounce' })).toBe('Suppressed: hard bounce');
  expect(consentText({ event: 'released', reason: null })).toBe('Suppression lifted');
});
