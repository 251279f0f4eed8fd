import { expect, it } from 'vitest';
import type { EventSource } from '../../api/types';
import { healthSign, healthText } from './sources';

const source = (more: Partial<EventSource>) =>
  ({ source: 'sqs', status: 'receiving', received: 3, last_error: null, ...more }) as EventSource;

it('says whether events come, and what to do when they do not', () => {
  expect(healthText(source({}))).toBe('Receiving');
  expect(healthText(source({ received: 0 }))).toMatch(/nothing has come yet/);
  expect(healthText(source({ status: 'failing', last_error: 'The queue is gone.' }))).toMatch(/The queue is gone/);
  expect(healthText(source({ status: 'off' }))).toMatch(/EVENTS_QUEUE_URL/);
});

it('shows an error by more than colour', () => {
  expect([source({}), source({ status: 'failing' }), source({ status: 'off' })].map(healthSign)).toEqual([
    'success',
    'error',
    'warning',
  ]);
});
