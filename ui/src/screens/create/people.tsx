// What the lists of people in the wizard share: a few on a page, each by name.

import Pagination from '@cloudscape-design/components/pagination';
import { useState } from 'react';
import { contactPath } from '../../shared/contactNames';
import { pageLabels } from '../../shared/pageLabels';
import { RouteLink } from '../../shared/RouteLink';

interface Person {
  customer_id: string;
  name?: string | null;
}

export const personColumn = <T extends Person>() => ({
  id: 'name',
  header: 'Person',
  isRowHeader: true,
  minWidth: 140,
  cell: (u: T) => <RouteLink to={contactPath(u.customer_id)}>{u.name ?? u.customer_id}</RouteLink>,
});

// The people of the page that is open; a list that has become shorter shows its last page.
export function usePeoplePages<T>(people: readonly T[], rowsOnPage: number) {
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(people.length / rowsOnPage));
  const shown = Math.min(page, pages);
  return {
    items: people.slice((shown - 1) * rowsOnPage, shown * rowsOnPage),
    toFirst: () => setPage(1),
    pagination: pages > 1 && (
      <Pagination
        ariaLabels={pageLabels}
        currentPageIndex={shown}
        pagesCount={pages}
        onChange={({ detail }) => setPage(detail.currentPageIndex)}
      />
    ),
  };
}
