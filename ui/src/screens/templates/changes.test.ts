import { expect, it } from 'vitest';
import { changesBetween } from './changes';

it('shows where a text changed, and which fallbacks', () => {
  const before = {
    text: 'Hi {{first_name}}, our summer sale has begun in every shop.',
    fallbacks: { first_name: 'you' },
  };
  const after = { text: 'Hi {{first_name}}, our winter sale has begun in every shop.', fallbacks: { city: 'town' } };
  expect(changesBetween(before, after)).toEqual([
    'text: “…name}}, our summer sale has …” became “…name}}, our winter sale has …”',
    'fallback of first_name removed',
    'fallback of city added: “town”',
  ]);
});

it('finds nothing where nothing is', () => {
  expect(changesBetween({ text: 'a', fallbacks: {} }, { text: 'a' })).toEqual([]);
  expect(changesBetween({ text: 'aa' }, { text: 'aaa' })).toHaveLength(1);
});
