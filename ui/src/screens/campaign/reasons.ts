// What went wrong comes before what was decided beforehand; then the most people first. Pure.

import type { Analytics, DeliveryState } from '../../api/types';

export type Reason = Analytics['by_reason'][number];

const order: readonly DeliveryState[] = ['failed', 'in_doubt', 'skipped'];
const most = 10;
const usual = 8;

export const inOrder = (reasons: readonly Reason[]): Reason[] =>
  [...reasons].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.count - a.count);

// How many of so many are listed before all are asked for: a few more are worth no button.
export const listedOf = (count: number, wantsAll: boolean) => (wantsAll || count <= most ? count : usual);
