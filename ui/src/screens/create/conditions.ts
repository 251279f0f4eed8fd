// The filter tree as conditions that can be edited (Cloudscape's property filter), and back.
//
// Shape     conditions joined by and, or by or, with one level of groups that are joined the other way. A tree that
//           goes deeper has no such form: it is shown as SQL, and said in other words.
// Not       "is not" and "does not contain" are the negation: they include people of whom the value is not known.
// Presence  "city is known" is a property of its own, since a condition there has no value.

import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { Filter, FilterField } from '../../api/types';
import { words } from '../../shared/format';

type Token = PropertyFilterProps.Token;
type TokenGroup = PropertyFilterProps.TokenGroup;
export type Query = PropertyFilterProps.Query;

interface Comparison {
  field: string;
  operator: string;
  value: unknown;
}

const knownSuffix = ':known';
const join = (filter: Filter, kind: 'and' | 'or') => filter[kind] as Filter[] | undefined;

export function isEveryone(filter: Filter | null): boolean {
  return filter === null || filter.everyone === true;
}

// The filter that the server answers with when it understood nothing.
export function isNobody(filter: Filter): boolean {
  const inner = filter.not as Filter | undefined;
  return inner !== undefined && isEveryone(inner);
}

// ---- tree to conditions

function readTime(value: unknown): string {
  const ago = (value as { days_ago?: number }).days_ago;
  if (ago !== undefined) return `${ago} days ago`;
  return String(value).slice(0, 10);
}

// Fields whose values the server lists are chosen from a list, several at once; others are typed.
const hasList = (fields: readonly FilterField[], name: string) =>
  fields.some((field) => field.field === name && isChosen(field));
const isChosen = (field: FilterField) => (field.type === 'text' || field.type === 'list') && field.values.length > 0;

function toToken(filter: Filter, isNot: boolean, fields: readonly FilterField[]): Token | null {
  if (filter.not) return isNot ? null : toToken(filter.not as Filter, true, fields);
  if (!('field' in filter)) return null;
  const { field, operator, value } = filter as unknown as Comparison;
  const token = (sign: string, shown: unknown): Token => ({
    propertyKey: field,
    operator: sign as Token['operator'],
    value: shown,
  });
  if (operator === 'exists') {
    const isKnown = (value === true) !== isNot;
    return { propertyKey: field + knownSuffix, operator: '=', value: isKnown ? 'yes' : 'no' };
  }
  if (operator === 'in') return hasList(fields, field) ? token(isNot ? '!=' : '=', value as string[]) : null;
  if (operator === 'contains') return token(isNot ? '!:' : ':', value);
  if (operator === '=') return token(isNot ? '!=' : '=', hasList(fields, field) ? [String(value)] : String(value));
  if (isNot) return null;
  if (operator === '!=') return null;
  return token(operator, typeof value === 'number' ? String(value) : readTime(value));
}

function toGroup(filter: Filter, kind: 'and' | 'or', fields: readonly FilterField[]): Token | TokenGroup | null {
  const single = toToken(filter, false, fields);
  if (single) return single;
  const children = join(filter, kind);
  if (!children) return null;
  const tokens = children.map((child) => toToken(child, false, fields));
  return tokens.every((token): token is Token => token !== null) ? { operation: kind, tokens } : null;
}

// Nothing when the tree has no such form.
export function toQuery(filter: Filter | null, fields: readonly FilterField[]): Query | null {
  if (isEveryone(filter)) return { operation: 'and', tokens: [], tokenGroups: [] };
  const single = toToken(filter!, false, fields);
  if (single) return { operation: 'and', tokens: [], tokenGroups: [single] };
  for (const kind of ['and', 'or'] as const) {
    const children = join(filter!, kind);
    if (!children) continue;
    const groups = children.map((child) => toGroup(child, kind === 'and' ? 'or' : 'and', fields));
    if (groups.some((group) => group === null)) return null;
    return { operation: kind, tokens: [], tokenGroups: groups as (Token | TokenGroup)[] };
  }
  return null;
}

// ---- conditions to tree

export class ConditionError extends Error {}

function parseTime(text: string): unknown {
  const ago = /^(\d+)\s*days?\s*ago$/i.exec(text.trim());
  if (ago) return { days_ago: Number(ago[1]) };
  const date = /^\d{4}-\d{2}-\d{2}/.exec(text.trim());
  if (!date) throw new ConditionError(`"${text}" is no time: write a date such as 2026-06-01, or "90 days ago"`);
  return `${date[0]}T00:00:00Z`;
}

function parseValue(type: FilterField['type'], text: string): unknown {
  if (type === 'number') {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) throw new ConditionError(`"${text}" is not a number`);
    return value;
  }
  if (type === 'flag') return text === 'true';
  return type === 'time' ? parseTime(text) : text;
}

const negated = (isNot: boolean, filter: Filter): Filter => (isNot ? { not: filter } : filter);

function fromToken(token: Token, fields: readonly FilterField[]): Filter {
  const key = token.propertyKey ?? '';
  if (key.endsWith(knownSuffix)) {
    return { field: key.slice(0, -knownSuffix.length), operator: 'exists', value: String(token.value) === 'yes' };
  }
  const field = fields.find((known) => known.field === key);
  if (!field) throw new ConditionError('Choose a property first: text alone has no meaning here');
  const isNot = token.operator.startsWith('!');
  if (token.operator === ':' || token.operator === '!:') {
    return negated(isNot, { field: key, operator: 'contains', value: String(token.value) });
  }
  const isEquality = token.operator === '=' || token.operator === '!=';
  if (!isEquality) return { field: key, operator: token.operator, value: parseValue(field.type, String(token.value)) };
  const values: string[] = Array.isArray(token.value) ? token.value.map(String) : [String(token.value)];
  if (values.length === 0) throw new ConditionError('Choose at least one value');
  if (field.type === 'list') {
    return negated(
      isNot,
      values.length === 1
        ? { field: key, operator: 'contains', value: values[0] }
        : { field: key, operator: 'in', value: values },
    );
  }
  if (field.type === 'text' && values.length > 1) return negated(isNot, { field: key, operator: 'in', value: values });
  return negated(isNot, { field: key, operator: '=', value: parseValue(field.type, values[0]!) });
}

export function fromQuery(query: Query, fields: readonly FilterField[]): Filter {
  const read = (part: Token | TokenGroup): Filter =>
    'tokens' in part ? combine(part.operation, part.tokens.map(read)) : fromToken(part, fields);
  return combine(query.operation, (query.tokenGroups ?? query.tokens).map(read));
}

function combine(kind: 'and' | 'or', parts: Filter[]): Filter {
  if (parts.length === 0) return { everyone: true };
  return parts.length === 1 ? parts[0]! : { [kind]: parts };
}

// ---- what can be chosen

const signs: Record<string, PropertyFilterProps.ComparisonOperator[]> = {
  '=': ['=', '!='],
  '<': ['<'],
  '<=': ['<='],
  '>': ['>'],
  '>=': ['>='],
  contains: [':', '!:'],
};

const groups: [RegExp, string][] = [
  [/^(consent|preference|sent|responded)_/, 'Channels'],
  [/skus$|purchase|browse|spent/, 'Products'],
  [/./, 'Person'],
];
const groupOf = (field: string) => groups.find(([pattern]) => pattern.test(field))![1];

const channelWord = (channel: string) => ({ sms: 'SMS', whatsapp: 'WhatsApp' })[channel] ?? channel;

export function labelOf(field: string): string {
  const [, channel, part] = /^consent_(\w+)_(at|source)$/.exec(field) ?? [];
  if (channel) return `${part === 'at' ? 'Date' : 'Source'} of ${channelWord(channel)} consent`;
  return words(field)
    .replace(/skus$/, 'products')
    .replace(/ at$/, '')
    .replace(/usd$/, '(USD)')
    .replace(/ (sms|whatsapp|email)$/i, (_, name: string) => ` by ${channelWord(name)}`);
}

export function properties(fields: readonly FilterField[]): PropertyFilterProps.FilteringProperty[] {
  const usual = fields.map((field) => {
    const operators = new Set(field.operators.flatMap((operator) => signs[operator] ?? []));
    if (field.type === 'list' && isChosen(field)) ['=', '!='].forEach((sign) => operators.add(sign as '='));
    return {
      key: field.field,
      propertyLabel: labelOf(field.field),
      groupValuesLabel: `${labelOf(field.field)}: values`,
      group: groupOf(field.field),
      defaultOperator: (field.type === 'number' || field.type === 'time' ? '>=' : '=') as '=',
      operators: [...operators].map((operator) =>
        isChosen(field) && (operator === '=' || operator === '!=')
          ? { operator, tokenType: 'enum' as const }
          : operator,
      ),
    };
  });
  const known = fields
    .filter((field) => field.operators.includes('exists'))
    .map((field) => ({
      key: field.field + knownSuffix,
      propertyLabel: `${labelOf(field.field)} is known`,
      groupValuesLabel: 'Known or not',
      group: 'Known or not',
      operators: ['=' as const],
    }));
  return [...usual, ...known];
}

export function options(fields: readonly FilterField[]): PropertyFilterProps.FilteringOption[] {
  return fields.flatMap((field) => [
    ...field.values.map(({ value }) => ({ propertyKey: field.field, value })),
    ...(field.type === 'flag' ? ['true', 'false'].map((value) => ({ propertyKey: field.field, value })) : []),
    ...(field.type === 'time'
      ? [7, 30, 90, 365].map((days) => ({ propertyKey: field.field, value: `${days} days ago` }))
      : []),
    ...(field.operators.includes('exists')
      ? ['yes', 'no'].map((value) => ({ propertyKey: field.field + knownSuffix, value }))
      : []),
  ]);
}
