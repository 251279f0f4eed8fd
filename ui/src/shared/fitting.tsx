// Columns of a table as they fit: on a phone few stay columns, and the others stand below the first of them, each with its
// name, so that nothing has to be scrolled sideways.

import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useIsNarrow } from './useIsNarrow';

type Column<T> = TableProps.ColumnDefinition<T>;

const isNothing = (value: ReactNode) => value === null || value === undefined || value === '' || value === '–';

function Below<T>({ columns, item }: { columns: readonly Column<T>[]; item: T }) {
  const said = columns.map((column) => ({ column, value: column.cell(item) })).filter(({ value }) => !isNothing(value));
  if (said.length === 0) return null;
  return (
    <dl className="below">
      {said.map(({ column, value }) => (
        <div key={column.id}>
          <dt className={column.id === 'actions' ? 'unseen' : undefined}>{column.header}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

// `kept`: ids of the columns that stay beside the first.
export function fitting<T>(columns: readonly Column<T>[], kept: readonly string[], isNarrow: boolean): Column<T>[] {
  const [first, ...others] = columns;
  if (!isNarrow || !first) return [...columns];
  const below = others.filter(({ id }) => !kept.includes(id!));
  return [
    {
      ...first,
      minWidth: undefined,
      width: undefined,
      cell: (item) => (
        <>
          {first.cell(item)}
          <Below columns={below} item={item} />
        </>
      ),
    },
    ...others.filter(({ id }) => kept.includes(id!)),
  ];
}

export function useFitting<T>(columns: readonly Column<T>[], kept: readonly string[] = []): Column<T>[] {
  return fitting(columns, kept, useIsNarrow());
}
