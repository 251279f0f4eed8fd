import { number } from './format';

export const people = (count: number) => `${number(count)} ${count === 1 ? 'person' : 'people'}`;
