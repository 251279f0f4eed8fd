// Whether carriers still tell what became of the messages; Quotas & events has the rest.

import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery } from '../../api/queries';
import { RouteLink } from '../../shared/RouteLink';
import { Answer } from '../../shared/states';
import { Time } from '../../shared/Time';
import { SourceState } from '../quotas/SourceState';
import { sourceNames } from '../quotas/sources';

export function EventCard() {
  const events = useQuery(eventsQuery);
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" actions={<RouteLink to="/quotas">Quotas & events</RouteLink>}>
          Events of the carriers
        </Header>
      }
    >
      <Answer query={events} text="Asking for the events">
        {(data) => (
          <KeyValuePairs
            columns={2}
            items={data.sources.flatMap((source) => [
              { label: sourceNames[source.source], value: <SourceState source={source} /> },
              { label: 'Latest event', value: <Time at={source.last_event_at} none="none yet" /> },
            ])}
          />
        )}
      </Answer>
    </Container>
  );
}
