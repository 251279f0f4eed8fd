// The figures that providers tell, as people read them.

import type { Allowance } from '../../api/types';
import { decimal, money, number, words } from '../../shared/format';

const names: Record<string, string> = {
  recipients_per_second: 'Recipients per second',
  recipients_in_24_hours: 'Recipients in 24 hours',
  parts_per_second: 'Parts per second',
  messages_per_second: 'Messages per second',
  people_in_24_hours: 'New people in 24 hours',
  usd_per_month: 'Spending in a month',
  account: 'Account',
  standing: 'Standing with AWS',
  quality: 'Quality rating of the number',
};
export const figureName = (figure: string) => names[figure] ?? words(figure);

function amount(row: Allowance, value: number): string {
  if (row.figure.startsWith('usd_')) return money(value);
  return row.figure.endsWith('_per_second') ? decimal(value) : number(value);
}

// "1,200 of 50,000", "14", "GREEN", "1,200 used, no limit".
export function figureText(row: Allowance): string {
  if (row.limit === null) {
    if (row.used !== null) return `${amount(row, row.used)} used, no limit`;
    return row.text === null ? 'not told' : readable(row.text);
  }
  return row.used === null ? amount(row, row.limit) : `${amount(row, row.used)} of ${amount(row, row.limit)}`;
}

// AWS shouts its words: "GREEN", "HEALTHY".
function readable(text: string): string {
  return /^[A-Z_]+$/.test(text) ? words(text.toLowerCase()) : words(text);
}

// Which of several of the kind a rate is of; null when there is only one.
export const figureOf = (row: Allowance) => (row.limit === null ? null : row.text);

export function usedShare(row: Allowance): number | null {
  return row.limit === null || row.used === null || row.limit <= 0 ? null : Math.min(1, row.used / row.limit);
}
