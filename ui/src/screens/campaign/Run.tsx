// A campaign at work: how far it is, how fast and why not faster, and what went wrong so far.

import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { analyticsQuery, historyQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { Figure } from '../../shared/Figure';
import {
  decimal,
  duration,
  hasEnded,
  limitText,
  money,
  number,
  rateNote,
  settled,
  usedChannels,
} from '../../shared/format';
import { Time } from '../../shared/Time';
import { campaignPath } from '../campaigns/columns';
import { ChannelCounts } from './ChannelCounts';
import { Pace } from './Pace';
import { Reasons } from './Reasons';
import { Throughput } from './Throughput';

function rateText(campaign: Campaign): string {
  const limit =
    campaign.status === 'running' && campaign.limited_by ? `; limited by ${limitText(campaign.limited_by)}` : '';
  return `${rateNote(campaign)}${limit}`;
}

function timeLeft(campaign: Campaign): string {
  if (hasEnded(campaign) || campaign.status === 'paused') return '–';
  return campaign.eta_seconds === null ? 'not known yet' : duration(campaign.eta_seconds);
}

function Figures({ campaign }: { campaign: Campaign }) {
  const figure = (value: string, note?: string) => <Figure value={value} note={note} />;
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={150}
      items={[
        { label: 'Sent', value: figure(number(campaign.accepted), `${number(campaign.delivered)} delivered`) },
        {
          label: 'Waiting',
          value: figure(number(campaign.waiting + campaign.sending), `of ${number(campaign.planned)} planned`),
        },
        { label: 'Failed', value: figure(number(campaign.failed)) },
        { label: 'Skipped', value: figure(number(campaign.skipped)) },
        { label: 'In doubt', value: figure(number(campaign.in_doubt), 'never sent again by itself') },
        { label: 'Per second now', value: figure(decimal(campaign.rate_now), rateText(campaign)) },
        { label: 'Time left', value: figure(timeLeft(campaign)) },
        {
          label: 'Cost',
          value: figure(
            money(campaign.actual_cost),
            `${money(campaign.estimated_cost)} estimated${campaign.budget === null ? '' : `, at most ${money(campaign.budget)}`}`,
          ),
        },
      ]}
    />
  );
}

export function Run({ campaign }: { campaign: Campaign }) {
  const isOver = hasEnded(campaign);
  const analytics = useQuery({
    ...analyticsQuery(campaign.campaign_id),
    // Reasons are counted from the rows, which takes longer the more there are.
    refetchInterval: isOver ? false : Math.max(3_000, campaign.planned / 20),
  });
  const history = useQuery(historyQuery(campaign.campaign_id, isOver));
  const channels = usedChannels(campaign);
  // The last look while it ran may be older than its end.
  const { refetch } = analytics;
  const { refetch: readHistory } = history;
  useEffect(() => {
    if (!isOver) return;
    void refetch();
    void readHistory();
  }, [isOver, refetch, readHistory]);
  const percentDone = campaign.planned === 0 ? 0 : (100 * settled(campaign)) / campaign.planned;
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="l">
          <ProgressBar
            label="Progress"
            value={percentDone}
            additionalInfo={
              campaign.is_planned
                ? `${number(settled(campaign))} of ${number(campaign.planned)} recipients settled`
                : `The plan is being written: ${number(campaign.planned)} recipients so far. Sending begins when it is whole.`
            }
            status={campaign.status === 'completed' ? 'success' : 'in-progress'}
            resultText={`Completed: all ${number(campaign.planned)} recipients are settled.`}
          />
          <Figures campaign={campaign} />
        </SpaceBetween>
      </Container>
      <Throughput
        campaign={campaign}
        history={history.data}
        error={history.data ? null : history.error}
        onRetry={() => void history.refetch()}
        isLoading={history.isPending}
        channels={channels}
      />
      <Pace campaign={campaign} history={history.data} channels={channels} />
      <ChannelCounts campaign={campaign} />
      <Reasons
        reasons={analytics.data?.by_reason ?? []}
        isLoading={analytics.isPending}
        failure={
          analytics.error && !analytics.data ? { error: analytics.error, retry: () => void analytics.refetch() } : null
        }
        ledger={`${campaignPath(campaign.campaign_id)}/recipients`}
      />
      <Container header={<Header variant="h2">When</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Created', value: <Time at={campaign.created_at} /> },
            { label: 'Set to start', value: <Time at={campaign.start_at} none="at once" /> },
            { label: 'Started', value: <Time at={campaign.started_at} none="not yet" /> },
            { label: 'Finished', value: <Time at={campaign.finished_at} none="not yet" /> },
          ]}
        />
      </Container>
    </SpaceBetween>
  );
}
