import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Campaign } from '../../api/types';
import { number } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Time } from '../../shared/Time';
import { campaignPath } from '../campaigns/columns';

export function Scheduled({ campaigns }: { campaigns: readonly Campaign[] }) {
  const soonest = [...campaigns].sort((a, b) => (a.start_at ?? '').localeCompare(b.start_at ?? ''));
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" counter={`(${campaigns.length})`}>
          Scheduled
        </Header>
      }
    >
      {campaigns.length === 0 && <Box color="text-body-secondary">Nothing is scheduled.</Box>}
      <SpaceBetween size="s">
        {soonest.slice(0, 5).map((campaign) => (
          <div key={campaign.campaign_id}>
            <RouteLink to={campaignPath(campaign.campaign_id)}>{campaign.name || campaign.campaign_id}</RouteLink>
            <Box color="text-body-secondary">
              <Time at={campaign.start_at} />
              {campaign.planned > 0 && `, ${number(campaign.planned)} planned`}
            </Box>
          </div>
        ))}
      </SpaceBetween>
    </Container>
  );
}
