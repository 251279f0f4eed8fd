import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { outdatedOf } from './outdated';

it('is the oldest answer that could not be renewed, and why', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const known = (key: string, updatedAt: number) => client.setQueryData([key], key, { updatedAt });
  const refuse = (key: string) =>
    client
      .fetchQuery({ queryKey: [key], queryFn: () => Promise.reject(new Error(`no ${key}`)), staleTime: 0 })
      .catch(() => null);
  const now = () => outdatedOf(client.getQueryCache().getAll());

  known('first', 1000);
  known('second', 500);
  expect(now()).toBeNull();
  await refuse('never known');
  expect(now(), 'nothing of it is shown').toBeNull();
  await refuse('first');
  expect(now()).toMatchObject({ since: 1000, error: { message: 'no first' } });
  await refuse('second');
  expect(now()).toMatchObject({ since: 500, error: { message: 'no second' } });
  known('second', 2000);
  expect(now()?.since).toBe(1000);
});
