import { describe, expect, it } from 'vitest';
import type { Installation, QueryResults, Template } from '../../api/types';
import { verdictOf } from '../templates/provider';
import { emptyDraft } from './draft';
import { blockerOf, preflightOf, type Findings } from './preflight';

const audience = (change: object = {}) =>
  ({
    eligible_count: 3,
    suppressed: { count: 0, users: [], by_rule: {} },
    time_optimized: { count: 0, users: [], first_at: null, last_at: null },
    sample_messages: [],
    parts_by_channel: { sms: 2, whatsapp: 1, email: 0 },
    after_metrics: { messages_by_channel: { sms: 2, whatsapp: 1, email: 0 }, cost: 0.2 },
    ...change,
  }) as unknown as QueryResults;
const installation = (change: object = {}) =>
  ({ set_up: { sms: true, whatsapp: true, email: true }, prices: [], ...change }) as unknown as Installation;
const whatsapp = {
  name: 'promotion',
  definition: { template_name: 'promotion', language: 'en_US' },
} as unknown as Template;
const status = (text: string) =>
  verdictOf(
    { is_known: true, reason: null, templates: [{ template_name: 'promotion', language: 'en_US', status: text }] },
    whatsapp.definition,
  );

const good: Findings = {
  draft: { ...emptyDraft(), budget: '1' },
  audience: audience(),
  isProduction: true,
  readiness: { checks: { store: 'ok' } },
  isUnreachable: false,
  installation: installation(),
  isUnknown: false,
  whatsapp: { template: whatsapp, verdict: status('APPROVED') },
};
const find = (change: Partial<Findings>, id: string) =>
  preflightOf({ ...good, ...change }).find((one) => one.id === id);

describe('the preflight', () => {
  it('passes what is in order, check by check', () => {
    const checks = preflightOf(good);
    expect(checks.map((check) => check.type)).toEqual(checks.map(() => 'success'));
    expect(blockerOf(checks)).toBeNull();
  });

  it('stops a campaign that cannot be recorded, sent or delivered', () => {
    const stops = (change: Partial<Findings>) => blockerOf(preflightOf({ ...good, ...change }));
    expect(stops({ readiness: { checks: { store: 'the disk is full' } } })).toMatch(/the disk is full/);
    expect(stops({ readiness: undefined, isUnreachable: true })).toMatch(/does not answer/);
    expect(stops({ whatsapp: { template: whatsapp, verdict: status('PAUSED') } })).toMatch(/PAUSED/);
    expect(stops({ installation: installation({ set_up: { sms: false, whatsapp: true, email: true } }) })).toMatch(
      /SMS/,
    );
    expect(stops({ audience: undefined })).toMatch(/Wait/);
    expect(stops({ installation: undefined })).toMatch(/Wait/);
    expect(stops({ installation: undefined, isUnknown: true })).toMatch(/does not say what is set up/);
    expect(stops({ whatsapp: { template: whatsapp, verdict: null } })).toMatch(/Wait/);
  });

  it('looks at the WhatsApp template only when somebody gets one', () => {
    const none = audience({
      after_metrics: { messages_by_channel: { sms: 3, whatsapp: 0, email: 0 }, cost: 0.2 },
      parts_by_channel: { sms: 3, whatsapp: 0, email: 0 },
    });
    expect(
      find({ audience: none, whatsapp: { template: whatsapp, verdict: status('PAUSED') } }, 'whatsapp'),
    ).toBeUndefined();
  });

  it('warns of money that is missing, unknown or too much', () => {
    expect(find({ draft: emptyDraft() }, 'budget')).toMatchObject({ type: 'warning' });
    expect(find({ draft: { ...emptyDraft(), budget: '0.1' } }, 'budget')?.text).toMatch(/above the budget/);
    expect(
      find({ installation: installation({ prices: [{ channel: 'sms', is_example: true }] }) }, 'prices')?.text,
    ).toMatch(/Prices of SMS are examples/);
    expect(
      find({ installation: installation({ prices: [{ channel: 'email', is_example: true }] }) }, 'prices'),
    ).toBeUndefined();
    expect(
      find({ audience: audience({ parts_by_channel: { sms: 6, whatsapp: 1, email: 0 } }) }, 'parts')?.text,
    ).toMatch(/2 SMS are sent and paid as 6 parts/);
  });

  it('names whom it leaves out and why', () => {
    const some = audience({ suppressed: { count: 7, users: [], by_rule: { no_consent: 3, missing_variable: 4 } } });
    expect(find({ audience: some }, 'people')?.text).toMatch(/^7 people/);
    expect(find({ audience: some }, 'content')).toMatchObject({ type: 'warning', step: 'content' });
  });
});
