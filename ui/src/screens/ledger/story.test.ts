import { expect, it } from 'vitest';
import type { DeliveryDetail } from '../../api/types';
import { story } from './story';

const delivery = (more: Partial<DeliveryDetail>) =>
  ({
    state: 'accepted',
    attempts: 1,
    events: [],
    reason: null,
    due_at: null,
    sent_at: null,
    updated_at: '2026-11-30T12:00:05Z',
    ...more,
  }) as DeliveryDetail;

const text = (more: Partial<DeliveryDetail>) => story(delivery(more)).map(({ status, title }) => `${status}: ${title}`);
const event = (kind: string) => ({ kind, at: '2026-11-30T12:00:03Z', detail: '' });

it('begins with the hand-over and goes on with what the carrier told', () => {
  expect(
    text({ state: 'delivered', sent_at: '2026-11-30T12:00:01Z', events: [event('delivered'), event('clicked')] }),
  ).toEqual(['success: Handed to the carrier', 'success: Delivered', 'success: Clicked']);
  expect(text({ attempts: 3, sent_at: '2026-11-30T12:00:01Z' })).toEqual([
    'success: Handed to the carrier, at attempt 3',
  ]);
});

it('ends with where it stands', () => {
  expect(text({ state: 'waiting', attempts: 0 })).toEqual(['pending: Waits for its turn']);
  expect(text({ state: 'waiting', attempts: 2 })).toEqual(['pending: Waits for another attempt, after 2 attempts']);
  expect(text({ state: 'failed', attempts: 1, reason: 'blocked' })).toEqual(['error: Failed after one attempt']);
  expect(text({ state: 'skipped', attempts: 0 })).toEqual(['stopped: Skipped']);
});

it('says who settled what was in doubt, and no more than is known', () => {
  const settled: Partial<DeliveryDetail> = {
    state: 'accepted',
    sent_at: '2026-11-30T12:00:01Z',
    events: [event('settled_arrived')],
  };
  expect(text(settled)).toEqual(['warning: Handed over, without an answer', 'success: Settled by hand: it arrived']);
  expect(text({ ...settled, state: 'failed', events: [event('settled_not_arrived')] })).toEqual([
    'warning: Handed over, without an answer',
    'error: Settled by hand: it did not arrive',
  ]);
});

it('says a failure once', () => {
  expect(text({ state: 'failed', sent_at: '2026-11-30T12:00:01Z', events: [event('bounced')] })).toEqual([
    'success: Handed to the carrier',
    'error: Bounced',
  ]);
});

it('does not say that what is in doubt was handed over', () => {
  expect(text({ state: 'in_doubt', sent_at: '2026-11-30T12:00:01Z' })).toEqual([
    'warning: Handed over, without an answer',
  ]);
});
