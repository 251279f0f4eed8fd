import { expect, it } from 'vitest';
import { readAddresses } from './addresses';

it('reads lines and commas, each address once', () => {
  expect(readAddresses(' +14255550156\r\n+14255550157, +14255550156 ;\n\n')).toEqual(['+14255550156', '+14255550157']);
  expect(readAddresses(' \n ')).toEqual([]);
});
