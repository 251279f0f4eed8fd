import { expect, it } from 'vitest';
import { decimal, money } from '../../shared/format';
import { evidenceText, ruleText, type Excluded } from './evidence';

const of = (rule: string, more: Partial<Excluded> = {}): Excluded => ({
  customer_id: 'C-1',
  name: null,
  channel: null,
  rule,
  reason: 'as the server says',
  ...more,
});

it('writes the figures of a rule as this reader writes numbers', () => {
  expect(evidenceText(of('recent_complaint', { value: 19.53, threshold: 30 }))).toBe(
    `The last complaint was ${decimal(19.5)} days ago; the rule waits ${decimal(30)} days.`,
  );
  expect(evidenceText(of('frequency_cap_day', { value: 3, threshold: 3 }))).toMatch(/24 hours/);
  expect(evidenceText(of('not_worth_sending', { value: -0.05 }))).toContain(money(0.05));
});

it('keeps the sentence of the server where it says more', () => {
  expect(evidenceText(of('opted_out'))).toBe('as the server says');
  const planned = "3 messages in 7 days, with what campaign 'spring' is still to send; the cap is 3.";
  expect(evidenceText(of('frequency_cap_week', { value: 3, threshold: 3, reason: planned }))).toBe(planned);
});

it('names the channel that was in question', () => {
  expect(ruleText(of('opted_out', { channel: 'sms' }))).toBe('Opted out, SMS');
  expect(ruleText(of('opted_out'))).toBe('Opted out');
});
