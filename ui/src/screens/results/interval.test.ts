import { expect, it } from 'vitest';
import { shareInterval } from './interval';

it('contains the share and shrinks with the number of people', () => {
  const [low, high] = shareInterval(10, 100);
  // Wilson's interval of 10 in 100 as published in tables: 5.5 % to 17.4 %.
  expect(low).toBeCloseTo(0.0552, 3);
  expect(high).toBeCloseTo(0.1744, 3);
  const [lowest] = shareInterval(0, 20);
  expect(lowest).toBe(0);
  expect(shareInterval(0, 0)).toEqual([0, 1]);
});
