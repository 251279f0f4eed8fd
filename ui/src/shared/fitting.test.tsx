import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';

vi.stubGlobal('window', { matchMedia: () => ({ matches: false }) });
const { fitting } = await import('./fitting');

interface Row {
  name: string;
  city: string;
  count: number;
}
const columns = [
  { id: 'name', header: 'Name', minWidth: 200, cell: (row: Row) => row.name },
  { id: 'city', header: 'City', cell: (row: Row) => row.city },
  { id: 'count', header: 'Count', cell: (row: Row) => row.count },
];

it('leaves a wide table as it is', () => {
  expect(fitting(columns, [], false)).toEqual(columns);
});

it('puts what does not fit below the first column, with its name', () => {
  const narrow = fitting(columns, ['count'], true);
  expect(narrow.map(({ id }) => id)).toEqual(['name', 'count']);
  expect(narrow[0]!.minWidth).toBeUndefined();
  const cell = (city: string) => renderToStaticMarkup(narrow[0]!.cell({ name: 'Ana', city, count: 3 }));
  expect(cell('Porto')).toBe('Ana<dl class="below"><div><dt>City</dt><dd>Porto</dd></div></dl>');
  expect(cell('–')).toBe('Ana');
});
