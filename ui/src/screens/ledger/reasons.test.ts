import { expect, it } from 'vitest';
import type { Analytics } from '../../api/types';
import { reasonOptions } from './reasons';

const row = (reason: string, channel: 'sms' | 'email', count: number) =>
  ({ state: 'failed', channel, reason, reason_text: null, count }) as Analytics['by_reason'][number];

it('are those of the campaign, the most frequent first, over all channels', () => {
  const options = reasonOptions(
    [row('blocked', 'sms', 2), row('bounced', 'email', 3), row('blocked', 'email', 4)],
    undefined,
  );
  expect(options.map(({ value, description }) => [value, description])).toEqual([
    ['', undefined],
    ['blocked', '6'],
    ['bounced', '3'],
  ]);
});

it('are the common ones over all campaigns', () => {
  expect(reasonOptions(undefined, undefined).map(({ value }) => value)).toContain('invalid_address');
});

it('have the one that is asked for, whatever it is', () => {
  expect(reasonOptions([], 'something_else').at(-1)).toEqual({ value: 'something_else', label: 'Something else' });
});
