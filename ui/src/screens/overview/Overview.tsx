// What runs now, what comes next, and how the last campaigns went.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { campaignsQuery, statsQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { number } from '../../shared/format';
import { RouteButton } from '../../shared/RouteLink';
import { Answer } from '../../shared/states';
import { useTitle } from '../../shared/useTitle';
import { Reasons } from '../campaign/Reasons';
import { EventCard } from './EventCard';
import { Gauges } from './Gauges';
import { Running } from './Running';
import { Scheduled } from './Scheduled';
import { Totals } from './Totals';
import { useSums } from './useSums';

function First({ contacts }: { contacts: number | undefined }) {
  return (
    <Container>
      <Box textAlign="center" padding={{ vertical: 'xxl' }}>
        <SpaceBetween size="m">
          <Box variant="h2">Send the first campaign</Box>
          <Box color="text-body-secondary">
            {contacts === undefined ? '' : `${number(contacts)} contacts are loaded. `}Say in a sentence whom to reach;
            see who, on which channel and why; nothing is sent before you press the last button.
          </Box>
          <RouteButton to="/campaigns/new" variant="primary">
            Create the first campaign
          </RouteButton>
        </SpaceBetween>
      </Box>
    </Container>
  );
}

function Figures({ campaigns }: { campaigns: readonly Campaign[] }) {
  const sums = useSums(campaigns);
  return (
    <SpaceBetween size="l">
      <Totals campaigns={sums.newest} />
      <div className="pair">
        <Gauges newest={sums} />
        <EventCard />
      </div>
      <Reasons reasons={sums.sums.reasons} isLoading={sums.isLoading} failure={sums.failure} ledger="/deliveries" />
    </SpaceBetween>
  );
}

function Current({ campaigns }: { campaigns: readonly Campaign[] }) {
  const running = campaigns.filter((campaign) => campaign.status === 'running' || campaign.status === 'paused');
  const scheduled = campaigns.filter((campaign) => campaign.status === 'scheduled');
  return (
    <SpaceBetween size="l">
      <div className="pair">
        <Running campaigns={running} />
        <Scheduled campaigns={scheduled} />
      </div>
      <Figures campaigns={campaigns} />
    </SpaceBetween>
  );
}

export default function Overview() {
  useTitle('Overview');
  const query = useQuery(campaignsQuery(200));
  const stats = useQuery(statsQuery);
  const hasSome = (query.data?.campaigns.length ?? 0) > 0;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <RouteButton to="/campaigns/new" variant={hasSome ? 'primary' : 'normal'}>
            Create campaign
          </RouteButton>
        }
      >
        Overview
      </Header>
      <Answer query={query} text="Looking for campaigns">
        {({ campaigns }) =>
          campaigns.length === 0 ? <First contacts={stats.data?.total_customers} /> : <Current campaigns={campaigns} />
        }
      </Answer>
    </SpaceBetween>
  );
}
