// Some of those who get a message: who they are, and on which channel.

import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { QueryResults } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, number } from '../../shared/format';
import { Time } from '../../shared/Time';
import { personColumn, usePeoplePages } from './people';

type Eligible = QueryResults['eligible_users'][number];

const rowsOnPage = 5;

export function SamplePeople({ audience }: { audience: QueryResults }) {
  const people = audience.eligible_users;
  const { items, pagination } = usePeoplePages(people, rowsOnPage);
  return (
    <Table
      variant="container"
      wrapLines
      items={items}
      trackBy="customer_id"
      ariaLabels={{ tableLabel: 'Some of those who get a message' }}
      header={
        <Header variant="h2" counter={`(${number(people.length)} of ${number(audience.eligible_count)})`}>
          Some who get a message
        </Header>
      }
      pagination={pagination}
      columnDefinitions={useFitting<Eligible>(
        [
          personColumn<Eligible>(),
          { id: 'channel', header: 'Channel', minWidth: 110, cell: (u) => channelNames[u.selected_channel] },
          { id: 'address', header: 'Address', minWidth: 170, cell: (u) => u.phone ?? u.email ?? '–' },
          { id: 'when', header: 'When', minWidth: 140, cell: (u) => <Time at={u.send_at} none="at once" /> },
        ],
        ['channel'],
      )}
    />
  );
}
