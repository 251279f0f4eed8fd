import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Campaign } from '../../api/types';
import { decimal, duration, limitText, settled } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { CampaignState } from '../../shared/Status';
import { campaignPath } from '../campaigns/columns';

function speed(campaign: Campaign): string {
  if (campaign.status === 'paused') return campaign.status_reason;
  const left = campaign.eta_seconds === null ? '' : `, ${duration(campaign.eta_seconds)} left`;
  const limit = campaign.limited_by ? `, limited by ${limitText(campaign.limited_by)}` : '';
  return `${decimal(campaign.rate_now)} per second of ${decimal(campaign.throughput_tps)} on each channel${limit}${left}`;
}

export function Running({ campaigns }: { campaigns: readonly Campaign[] }) {
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${campaigns.length})`}>
          Running and paused
        </Header>
      }
    >
      {campaigns.length === 0 && <Box color="text-body-secondary">Nothing is being sent.</Box>}
      <SpaceBetween size="l">
        {campaigns.slice(0, 5).map((campaign) => (
          <div key={campaign.campaign_id}>
            <SpaceBetween direction="horizontal" size="s">
              <RouteLink to={campaignPath(campaign.campaign_id)}>{campaign.name || campaign.campaign_id}</RouteLink>
              <CampaignState status={campaign.status} />
            </SpaceBetween>
            <ProgressBar
              ariaLabel={`Progress of ${campaign.name || campaign.campaign_id}`}
              value={campaign.planned === 0 ? 0 : (100 * settled(campaign)) / campaign.planned}
              additionalInfo={speed(campaign)}
            />
          </div>
        ))}
      </SpaceBetween>
    </Container>
  );
}
