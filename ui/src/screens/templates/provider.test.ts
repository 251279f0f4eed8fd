import { expect, it } from 'vitest';
import { verdictOf } from './provider';

const known = {
  is_known: true,
  reason: null,
  templates: [
    { template_name: 'promotion', language: 'en_US', status: 'APPROVED' },
    { template_name: 'promotion', language: 'de', status: 'PAUSED' },
  ],
};

it('is approved only by name and language together', () => {
  expect(verdictOf(known, { template_name: 'promotion', language: 'en_US' })?.kind).toBe('approved');
  expect(verdictOf(known, { template_name: 'promotion', language: 'de' })).toMatchObject({
    kind: 'refused',
    status: 'PAUSED',
  });
  expect(verdictOf(known, { template_name: 'promotion', language: 'fr' })?.kind).toBe('absent');
});

it('does not take silence for an approval', () => {
  const silent = { is_known: false, reason: 'AWS did not say: slow down', templates: [] };
  expect(verdictOf(silent, { template_name: 'promotion', language: 'en_US' })).toMatchObject({
    kind: 'unknown',
    text: 'AWS did not say: slow down',
  });
  expect(verdictOf(undefined, {})).toBeNull();
});
