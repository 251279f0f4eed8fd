import { describe, expect, it } from 'vitest';
import type { Filter, FilterField } from '../../api/types';
import { ConditionError, fromQuery, labelOf, toQuery } from './conditions';

const field = (name: string, type: FilterField['type'], values: string[] = []): FilterField => ({
  field: name,
  type,
  operators: [],
  values: values.map((value) => ({ value, count: 1 })),
});
const fields = [
  field('city', 'text', ['Delhi', 'Pune']),
  field('id', 'text'),
  field('tags', 'list', ['new', 'vip']),
  field('age', 'number'),
  field('last_purchase_at', 'time'),
  field('has_open_complaint', 'flag'),
];
const round = (filter: Filter) => fromQuery(toQuery(filter, fields)!, fields);

describe('conditions', () => {
  it('call every field by a name of its own', () => {
    expect(
      ['consent_sms', 'consent_sms_at', 'consent_email_source', 'last_purchase_at', 'sent_whatsapp'].map(labelOf),
    ).toEqual([
      'Consent by SMS',
      'Date of SMS consent',
      'Source of email consent',
      'Last purchase',
      'Sent by WhatsApp',
    ]);
  });
  it.each<[string, Filter]>([
    ['everyone', { everyone: true }],
    ['one text', { field: 'city', operator: '=', value: 'Pune' }],
    ['a text that is typed', { field: 'id', operator: '=', value: 'CUST-1' }],
    ['several texts', { field: 'city', operator: 'in', value: ['Delhi', 'Pune'] }],
    ['part of a text', { field: 'city', operator: 'contains', value: 'pu' }],
    ['a number', { field: 'age', operator: '>=', value: 40 }],
    ['a flag', { field: 'has_open_complaint', operator: '=', value: false }],
    ['days ago', { field: 'last_purchase_at', operator: '<', value: { days_ago: 90 } }],
    ['a date', { field: 'last_purchase_at', operator: '>=', value: '2026-06-01T00:00:00Z' }],
    ['presence', { field: 'city', operator: 'exists', value: true }],
    ['a negation', { not: { field: 'city', operator: '=', value: 'Pune' } }],
    ['several of a list', { field: 'tags', operator: 'in', value: ['new', 'vip'] }],
    ['one of a list', { field: 'tags', operator: 'contains', value: 'vip' }],
    ['not one of a list', { not: { field: 'tags', operator: 'contains', value: 'vip' } }],
    [
      'and',
      {
        and: [
          { field: 'city', operator: '=', value: 'Pune' },
          { field: 'age', operator: '>', value: 40 },
        ],
      },
    ],
    [
      'or inside and',
      {
        and: [
          { field: 'city', operator: '=', value: 'Pune' },
          {
            or: [
              { field: 'age', operator: '>', value: 40 },
              { field: 'age', operator: '<', value: 20 },
            ],
          },
        ],
      },
    ],
    [
      'and inside or',
      {
        or: [
          {
            and: [
              { field: 'city', operator: '=', value: 'Pune' },
              { field: 'age', operator: '>', value: 40 },
            ],
          },
          { field: 'city', operator: '=', value: 'Delhi' },
        ],
      },
    ],
  ])('%s reads back as it was', (_, filter) => {
    expect(round(filter)).toEqual(filter);
  });

  it('turns the absence of a value into a choice of its own', () => {
    expect(round({ not: { field: 'city', operator: 'exists', value: true } })).toEqual({
      field: 'city',
      operator: 'exists',
      value: false,
    });
  });

  it('has no form for a deeper tree', () => {
    const city = { field: 'city', operator: '=', value: 'Pune' };
    const deep = { and: [city, { or: [city, { and: [city, { field: 'age', operator: '>', value: 1 }] }] }] };
    expect(toQuery(deep, fields)).toBeNull();
    expect(toQuery({ not: { and: [city, city] } }, fields)).toBeNull();
  });

  it('refuses what cannot be a value, in a sentence', () => {
    const query = (propertyKey: string | undefined, value: string) => ({
      operation: 'and' as const,
      tokens: [{ propertyKey, operator: '>' as const, value }],
    });
    expect(() => fromQuery(query('age', 'old'), fields)).toThrow(ConditionError);
    expect(() => fromQuery(query('last_purchase_at', 'lately'), fields)).toThrow(/90 days ago/);
    expect(() => fromQuery(query(undefined, 'Pune'), fields)).toThrow(/Choose a property/);
  });
});
