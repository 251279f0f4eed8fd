// What is being sent: how far, how fast against its limit, what came of it so far and what it has cost.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Campaign } from '../../api/types';
import {
  decimal,
  duration,
  limitText,
  localAmounts,
  money,
  number,
  percent,
  rateNote,
  sentence,
  progressOf,
  progressText,
} from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { CampaignState } from '../../shared/Status';
import { campaignPath } from '../campaigns/columns';

const shown = 5;

function stateText(campaign: Campaign): string {
  const done = progressText(campaign);
  if (campaign.status === 'paused') {
    return campaign.status_reason ? `${done}. ${sentence(localAmounts(campaign.status_reason))}` : `${done}.`;
  }
  const left = campaign.eta_seconds === null ? '' : `, ${duration(campaign.eta_seconds)} left`;
  const limit = campaign.limited_by ? ` Limited by ${limitText(campaign.limited_by)}.` : '';
  return `${done}${left}.${limit}`;
}

function One({ campaign }: { campaign: Campaign }) {
  const figure = (value: string, note?: string) => (
    <>
      <span className="numeric">{value}</span>
      {note && (
        <Box color="text-body-secondary" fontSize="body-s">
          {note}
        </Box>
      )}
    </>
  );
  const { accepted, delivered, failed } = campaign;
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="s">
        <RouteLink to={campaignPath(campaign.campaign_id)}>{campaign.name || campaign.campaign_id}</RouteLink>
        <CampaignState status={campaign.status} />
      </SpaceBetween>
      <ProgressBar
        ariaLabel={`Progress of ${campaign.name || campaign.campaign_id}`}
        value={100 * progressOf(campaign).share}
        additionalInfo={stateText(campaign)}
      />
      <KeyValuePairs
        columns={4}
        minColumnWidth={130}
        items={[
          {
            label: 'Per second',
            value:
              campaign.status === 'paused'
                ? figure('0', 'paused')
                : figure(decimal(campaign.rate_now), rateNote(campaign)),
          },
          {
            label: 'Delivered',
            value: figure(accepted === 0 ? '–' : percent(delivered / accepted), `of ${number(accepted)} sent`),
          },
          { label: 'Failed', value: figure(number(failed)) },
          {
            label: 'Spent',
            value: figure(
              money(campaign.actual_cost),
              campaign.budget === null ? undefined : `of at most ${money(campaign.budget)}`,
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}

export function Running({ campaigns }: { campaigns: readonly Campaign[] }) {
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" counter={`(${campaigns.length})`}>
          Running and paused
        </Header>
      }
    >
      {campaigns.length === 0 && <Box color="text-body-secondary">Nothing is being sent.</Box>}
      <SpaceBetween size="l">
        {campaigns.slice(0, shown).map((campaign) => (
          <One key={campaign.campaign_id} campaign={campaign} />
        ))}
        {campaigns.length > shown && (
          <RouteLink to="/campaigns">All {number(campaigns.length)} of them are in Campaigns</RouteLink>
        )}
      </SpaceBetween>
    </Container>
  );
}
