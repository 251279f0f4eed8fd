import { expect, it } from 'vitest';
import { whatSettles } from './inDoubtText';

it('says whether anything will settle it', () => {
  expect(whatSettles(undefined)).toMatch(/^An event/);
  expect(whatSettles([{ source: 'sqs', status: 'off' }])).toMatch(/nothing settles it by itself/);
  expect(whatSettles([{ source: 'simulated', status: 'receiving' }])).toMatch(/simulated/);
  expect(whatSettles([{ source: 'sqs', status: 'failing' }])).toMatch(/cannot be read/);
  expect(whatSettles([{ source: 'sqs', status: 'receiving' }])).toMatch(/within minutes/);
});
