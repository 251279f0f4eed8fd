// Some of those who get a message: who they are, and on which channel.

import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { QueryResults } from '../../api/types';
import { channelNames, number } from '../../shared/format';
import { pageLabels } from '../../shared/pageLabels';
import { RouteLink } from '../../shared/RouteLink';
import { Time } from '../../shared/Time';
import { contactPath } from '../../shared/contactNames';

const rowsOnPage = 5;

export function SamplePeople({ audience }: { audience: QueryResults }) {
  const [page, setPage] = useState(1);
  const people = audience.eligible_users;
  const pages = Math.max(1, Math.ceil(people.length / rowsOnPage));
  const shown = Math.min(page, pages);
  return (
    <Table
      variant="container"
      wrapLines
      items={people.slice((shown - 1) * rowsOnPage, shown * rowsOnPage)}
      trackBy="customer_id"
      ariaLabels={{ tableLabel: 'Some of those who get a message' }}
      header={
        <Header variant="h2" counter={`(${number(people.length)} of ${number(audience.eligible_count)})`}>
          Some who get a message
        </Header>
      }
      pagination={
        pages > 1 && (
          <Pagination
            ariaLabels={pageLabels}
            currentPageIndex={shown}
            pagesCount={pages}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        )
      }
      columnDefinitions={[
        {
          id: 'name',
          header: 'Person',
          isRowHeader: true,
          minWidth: 140,
          cell: (u) => <RouteLink to={contactPath(u.customer_id)}>{u.name ?? u.customer_id}</RouteLink>,
        },
        { id: 'channel', header: 'Channel', minWidth: 110, cell: (u) => channelNames[u.selected_channel] },
        { id: 'address', header: 'Address', minWidth: 170, cell: (u) => u.phone ?? u.email ?? '–' },
        { id: 'when', header: 'When', minWidth: 140, cell: (u) => <Time at={u.send_at} none="at once" /> },
      ]}
    />
  );
}
