// Whether carriers still tell what became of the messages. Without events nothing becomes delivered, and nobody who said
// stop to a carrier is suppressed.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery } from '../../api/queries';
import { channels, type Channel, type EventHealth, type EventSource } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, number, words } from '../../shared/format';
import { Answer } from '../../shared/states';
import { Time } from '../../shared/Time';
import { SourceState } from './SourceState';
import { sourceNames } from './sources';

const counted = ['received', 'applied', 'duplicates', 'unmatched', 'informative', 'malformed'] as const;
const counts: Record<(typeof counted)[number], string> = {
  received: 'Received',
  applied: 'New to the ledger',
  duplicates: 'Known already',
  unmatched: 'Of other ledgers',
  informative: 'Nothing to apply',
  malformed: 'Not understood',
};

function Source({ source }: { source: EventSource }) {
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={150}
      items={[
        { label: sourceNames[source.source], value: <SourceState source={source} /> },
        { label: 'Last came', value: <Time at={source.last_received_at} none="nothing yet" /> },
        { label: 'Latest event', value: <Time at={source.last_event_at} none="none yet" /> },
        {
          label: 'Last trouble',
          value: source.last_error ? (
            <>
              {source.last_error}
              <Box color="text-body-secondary" fontSize="body-s">
                <Time at={source.last_error_at} />
              </Box>
            </>
          ) : (
            'none'
          ),
        },
        ...counted.map((name) => ({
          label: counts[name],
          value: <span className="numeric">{number(source[name])}</span>,
        })),
      ]}
    />
  );
}

const kinds = ['delivered', 'failed', 'bounced', 'complained', 'opted_out', 'opened', 'clicked', 'replied'] as const;

function ByChannel({ health }: { health: EventHealth }) {
  return (
    <Table
      variant="embedded"
      items={[...channels]}
      ariaLabels={{ tableLabel: 'Events by channel' }}
      wrapLines
      columnDefinitions={useFitting<Channel>([
        { id: 'channel', header: 'Channel', isRowHeader: true, minWidth: 110, cell: (c) => channelNames[c] },
        {
          id: 'last',
          header: 'Latest event',
          minWidth: 165,
          cell: (c) => <Time at={health.by_channel[c].last_event_at} none="none yet" />,
        },
        ...kinds.map((kind) => ({
          id: kind,
          header: words(kind),
          minWidth: 100,
          cell: (c: Channel) => <span className="numeric">{number(health.by_channel[c].events[kind] ?? 0)}</span>,
        })),
      ])}
    />
  );
}

export function Events() {
  const events = useQuery(eventsQuery);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="What carriers told this server since it started. What became of a campaign stays in the campaign."
        >
          Events
        </Header>
      }
    >
      <Answer query={events} text="Asking for the events">
        {(data) => (
          <SpaceBetween size="l">
            {data.sources.map((source) => (
              <Source key={source.source} source={source} />
            ))}
            <ByChannel health={data} />
          </SpaceBetween>
        )}
      </Answer>
    </Container>
  );
}
