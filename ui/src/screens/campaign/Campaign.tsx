// One campaign: how it runs, who got what, and what came of it.

import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CampaignActions } from '../../shared/CampaignActions';
import { followedBy, whyNoClone } from '../../shared/audience';
import { RouteLink } from '../../shared/RouteLink';
import { hasEnded, localAmounts, sentence } from '../../shared/format';
import { CampaignState } from '../../shared/Status';
import { Failure, Waiting } from '../../shared/states';
import { useInSlices } from '../../shared/useInSlices';
import { useTitle } from '../../shared/useTitle';
import { campaignPath } from '../campaigns/columns';
import { clonePath } from '../create/draft';
import { Run } from './Run';
import { useLiveCampaign } from './useLiveCampaign';

const Ledger = lazy(() => import('../ledger/Ledger'));
const Results = lazy(() => import('../results/Results'));

export default function Campaign() {
  const { id = '', view = 'run' } = useParams();
  const navigate = useNavigate();
  const live = useLiveCampaign(id);
  const campaign = useInSlices(live.campaign);
  useTitle(campaign?.name || id);
  if (!campaign) {
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{id}</Header>
        {live.error ? <Failure error={live.error} onRetry={live.retry} /> : <Waiting text="Looking for the campaign" />}
      </SpaceBetween>
    );
  }
  const followed = followedBy(campaign);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          followed ? (
            <>
              {followed.who} <RouteLink to={campaignPath(followed.id)}>{followed.id}</RouteLink>
            </>
          ) : campaign.name ? (
            campaign.campaign_id
          ) : undefined
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CampaignActions campaign={campaign} />
            {hasEnded(campaign) && (
              <Button
                disabled={whyNoClone(campaign) !== null}
                disabledReason={whyNoClone(campaign) ?? undefined}
                onClick={() => void navigate(clonePath(campaign))}
              >
                Clone
              </Button>
            )}
          </SpaceBetween>
        }
      >
        {campaign.name || campaign.campaign_id}
      </Header>
      <div role="status" aria-live="polite">
        <SpaceBetween direction="horizontal" size="m">
          <CampaignState status={campaign.status} />
          {campaign.status_reason && (
            <Box color="text-body-secondary">{sentence(localAmounts(campaign.status_reason))}</Box>
          )}
          {live.connection === 'reconnecting' && !hasEnded(campaign) && (
            <StatusIndicator type="loading">
              Connection lost; trying again. The campaign itself is not affected.
            </StatusIndicator>
          )}
        </SpaceBetween>
      </div>
      <Tabs
        ariaLabel="Views of this campaign"
        activeTabId={view}
        onChange={({ detail }) =>
          void navigate(campaignPath(id) + (detail.activeTabId === 'run' ? '' : `/${detail.activeTabId}`), {
            replace: true,
          })
        }
        tabs={[
          { id: 'run', label: 'Run', content: <Run campaign={campaign} /> },
          {
            id: 'recipients',
            label: 'Recipients',
            content: view === 'recipients' && (
              <Suspense fallback={<Waiting />}>
                <Ledger campaign={campaign} />
              </Suspense>
            ),
          },
          {
            id: 'results',
            label: 'Results',
            content: view === 'results' && (
              <Suspense fallback={<Waiting />}>
                <Results campaign={campaign} />
              </Suspense>
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}
