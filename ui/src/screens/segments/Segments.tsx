// Saved selections: what they mean now, and a campaign to each in one click.

import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQuery } from '@tanstack/react-query';
import { segmentsQuery } from '../../api/queries';
import type { Segment } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { number } from '../../shared/format';
import { pageLabels } from '../../shared/pageLabels';
import { RouteButton } from '../../shared/RouteLink';
import { Empty, tableStates } from '../../shared/states';
import { Time } from '../../shared/Time';
import { useTitle } from '../../shared/useTitle';

// A segment that nobody named carries its conditions as its name; those of everyone are the SQL word TRUE.
const nameOf = (segment: Segment) => (segment.name === 'TRUE' ? 'Everyone' : segment.name);

export default function Segments() {
  useTitle('Segments');
  const query = useQuery(segmentsQuery);
  const { data } = query;
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(data ?? [], {
    filtering: {
      empty: (
        <Empty title="No segment yet" action={<RouteButton to="/campaigns/new">Create a campaign</RouteButton>}>
          Whom a campaign is sent to is kept as a segment.
        </Empty>
      ),
      noMatch: <Empty title="No segment matches" />,
      filteringFunction: (segment, text) =>
        `${nameOf(segment)} ${segment.sql_query}`.toLowerCase().includes(text.toLowerCase()),
    },
    pagination: { pageSize: 20 },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      {...tableStates(query, 'Loading segments', collectionProps.empty)}
      variant="full-page"
      items={items}
      trackBy="segment_id"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: 'Segments' }}
      header={
        <Header
          variant="awsui-h1-sticky"
          counter={data ? `(${number(data.length)})` : undefined}
          description="The same conditions are one segment, whoever saved them."
        >
          Segments
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringPlaceholder="Find by name or condition"
          filteringAriaLabel="Find segments"
          countText={`${number(filteredItemsCount ?? 0)} found`}
        />
      }
      pagination={<Pagination {...paginationProps} ariaLabels={pageLabels} />}
      columnDefinitions={useFitting<Segment>([
        { id: 'name', header: 'Name', isRowHeader: true, minWidth: 220, cell: nameOf, sortingField: 'name' },
        {
          id: 'sql',
          header: 'Conditions',
          minWidth: 280,
          cell: (s) => (s.sql_query === 'TRUE' ? 'None: everyone' : <Box variant="code">{s.sql_query}</Box>),
        },
        {
          id: 'count',
          header: 'People last time',
          minWidth: 140,
          cell: (s) => <span className="numeric">{number(s.count)}</span>,
          sortingField: 'count',
        },
        {
          id: 'used',
          header: 'Last used',
          minWidth: 180,
          cell: (s) => <Time at={s.last_used_at} />,
          sortingField: 'last_used_at',
        },
        {
          id: 'actions',
          header: 'Actions',
          minWidth: 170,
          cell: (s) => (
            <RouteButton
              variant="inline-link"
              to={`/campaigns/new?segment=${encodeURIComponent(s.segment_id)}`}
              ariaLabel={`Create campaign: ${nameOf(s)}`}
            >
              Create campaign
            </RouteButton>
          ),
        },
      ])}
    />
  );
}
