// What the server is set up with, and what its cost estimates are made of.

import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Pagination from '@cloudscape-design/components/pagination';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useQuery } from '@tanstack/react-query';
import { environmentQuery, installationQuery, quotasQuery } from '../../api/queries';
import { channels, type Installation as InstallationDocument } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, countryName, day, money, number, words } from '../../shared/format';
import { pageLabels } from '../../shared/pageLabels';
import { useInSlices } from '../../shared/useInSlices';
import { useIsNarrow } from '../../shared/useIsNarrow';
import { Answer } from '../../shared/states';

type Price = InstallationDocument['prices'][number];

const countryOf = (code: string) => (code === '*' ? 'All others' : countryName(code));

function Facts({ data }: { data: InstallationDocument }) {
  const environment = useQuery(environmentQuery);
  const quotas = useQuery(quotasQuery);
  return (
    <KeyValuePairs
      columns={3}
      items={[
        {
          label: 'Environment',
          value: (
            <Badge color={environment.data?.is_production ? 'red' : 'blue'}>
              {(environment.data?.environment ?? 'asking').toUpperCase()}
            </Badge>
          ),
        },
        {
          label: 'Carriers',
          value: !environment.data
            ? 'asking'
            : environment.data.aws_enabled
              ? 'AWS: messages reach people'
              : 'Simulated: nothing leaves this machine',
        },
        { label: 'Highest rate a campaign may ask for', value: `${number(data.max_tps)} per second on each channel` },
        { label: 'Contacts', value: `${number(data.contacts.count)} from ${data.contacts.source}` },
        { label: 'Public address', value: data.public_url ?? 'none' },
        {
          label: 'Token',
          value: data.requires_token
            ? `Asked for; you use the one named ${data.caller ?? 'by nobody'}`
            : 'Not asked for: only this machine can reach the server',
        },
        ...channels.map((channel) => ({
          label: `Sender for ${channelNames[channel]}`,
          value: data.set_up[channel] ? (
            <>
              <StatusIndicator type="success">Set up</StatusIndicator>
              {quotas.data?.by_channel[channel].identity && (
                <Box color="text-body-secondary" fontSize="body-s">
                  {quotas.data.by_channel[channel].identity}
                </Box>
              )}
            </>
          ) : (
            <StatusIndicator type="stopped">Not set up; clarion doctor says what is missing</StatusIndicator>
          ),
        })),
      ]}
    />
  );
}

// Too long for a phone, where a row says only from when its price is.
const source = {
  id: 'source',
  header: 'Source',
  minWidth: 400,
  cell: (row: Price) => (row.is_example ? `Example: ${row.source}` : row.source),
};

function Prices({ data }: { data: InstallationDocument }) {
  const { items, collectionProps, paginationProps } = useCollection(data.prices, {
    pagination: { pageSize: 15 },
    sorting: {},
  });
  const isNarrow = useIsNarrow();
  return (
    <Table
      {...collectionProps}
      variant="container"
      items={items}
      trackBy={(row) => `${row.channel} ${row.category} ${row.country}`}
      wrapLines
      ariaLabels={{ tableLabel: 'Prices' }}
      header={
        <Header
          variant="h2"
          description="For one SMS part, one WhatsApp message, one email. Estimates and budgets are made of these."
        >
          Prices
        </Header>
      }
      footer={
        data.prices.some((row) => row.is_example) && (
          <Alert type="warning">
            Some prices are examples that come with Clarion. Put your own into prices/ of the data directory
            (docs/prices.md).
          </Alert>
        )
      }
      pagination={<Pagination {...paginationProps} ariaLabels={pageLabels} />}
      columnDefinitions={useFitting<Price>(
        [
          {
            id: 'country',
            header: 'Country',
            isRowHeader: true,
            minWidth: 150,
            sortingComparator: (a, b) => countryOf(a.country).localeCompare(countryOf(b.country)),
            cell: (row) => countryOf(row.country),
          },
          {
            id: 'channel',
            header: 'Channel',
            minWidth: 110,
            sortingField: 'channel',
            cell: (row) => channelNames[row.channel],
          },
          {
            id: 'category',
            header: 'Category',
            minWidth: 130,
            sortingField: 'category',
            cell: (row) => (row.channel === 'whatsapp' ? words(row.category) : '–'),
          },
          {
            id: 'price',
            header: 'Price',
            minWidth: 100,
            sortingField: 'unit_price',
            cell: (row) => <span className="numeric">{money(row.unit_price)}</span>,
          },
          { id: 'date', header: 'As of', minWidth: 140, cell: (row) => day(row.date) },
          ...(isNarrow ? [] : [source]),
        ],
        ['price'],
      )}
    />
  );
}

export function EnvironmentFacts() {
  return (
    <Container header={<Header variant="h2">Environment</Header>}>
      <Answer query={useQuery(installationQuery)} text="Reading how the server is set up">
        {(data) => <Facts data={data} />}
      </Answer>
    </Container>
  );
}

export function PriceList() {
  const query = useQuery(installationQuery);
  return (
    <Answer query={{ ...query, data: useInSlices(query.data) }} text="Reading the prices">
      {(data) => <Prices data={data} />}
    </Answer>
  );
}
