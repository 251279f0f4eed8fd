// Forward and back through pages that the server cuts: each answer says where the next one begins.

import Button from '@cloudscape-design/components/button';
import { useState } from 'react';

export interface Cursor<T> {
  after: T | undefined;
  page: number;
  forward: (next: T) => void;
  back: () => void;
  reset: () => void;
}

export function useCursor<T>(): Cursor<T> {
  const [stack, setStack] = useState<T[]>([]);
  return {
    after: stack.at(-1),
    page: stack.length + 1,
    forward: (next) => setStack([...stack, next]),
    back: () => setStack(stack.slice(0, -1)),
    reset: () => setStack([]),
  };
}

export function CursorPages<T>({
  cursor,
  next,
  what,
}: {
  cursor: Cursor<T>;
  next: T | null | undefined;
  what: string;
}) {
  if (cursor.page === 1 && (next === null || next === undefined)) return null;
  return (
    <div className="ledger-pages" role="group" aria-label={`Pages of ${what}`}>
      <Button
        iconName="angle-left"
        variant="icon"
        ariaLabel="Previous page"
        disabled={cursor.page === 1}
        onClick={cursor.back}
      />
      <span>Page {cursor.page}</span>
      <Button
        iconName="angle-right"
        variant="icon"
        ariaLabel="Next page"
        disabled={next === null || next === undefined}
        onClick={() => next !== null && next !== undefined && cursor.forward(next)}
      />
    </div>
  );
}
