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
  percent,
  rateNote,
  progressOf,
  progressText,
  usedChannels,
} from '../../shared/format';
import { Time } from '../../shared/Time';
import { campaignPath, secondsOf } from '../campaigns/columns';
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
  if (campaign.status === 'paused') return '–';
  return campaign.eta_seconds === null ? 'not known yet' : duration(campaign.eta_seconds);
}

// What is asked while it runs, and what is asked once it has ended.
function timeFigures(campaign: Campaign): [string, string, string?][] {
  if (!hasEnded(campaign)) {
    return [
      ['Waiting', number(campaign.waiting + campaign.sending), `of ${number(campaign.planned)} planned`],
      ['Per second now', decimal(campaign.rate_now), rateText(campaign)],
      ['Time left', timeLeft(campaign)],
    ];
  }
  const seconds = secondsOf(campaign);
  const { done } = progressOf(campaign);
  return [
    ['Delivered', campaign.accepted === 0 ? '–' : percent(campaign.delivered / campaign.accepted), 'of what was sent'],
    ['Per second', seconds > 0 ? decimal(done / seconds) : '–', `on average; ${rateNote(campaign)}`],
    ['Took', campaign.started_at ? duration(seconds) : '–'],
  ];
}

function Figures({ campaign }: { campaign: Campaign }) {
  const [first, ...times] = timeFigures(campaign);
  const figures: [string, string, string?][] = [
    [
      'Sent',
      number(campaign.accepted),
      hasEnded(campaign) ? `of ${number(progressOf(campaign).all)} to send` : `${number(campaign.delivered)} delivered`,
    ],
    first!,
    ['Failed', number(campaign.failed)],
    ['Skipped', number(campaign.skipped), campaign.skipped > 0 ? 'nothing was sent to them' : undefined],
    ['In doubt', number(campaign.in_doubt), campaign.in_doubt > 0 ? 'never sent again by itself' : undefined],
    ...times,
    [
      'Cost',
      money(campaign.actual_cost),
      `${money(campaign.estimated_cost)} estimated${campaign.budget === null ? '' : `, at most ${money(campaign.budget)}`}`,
    ],
  ];
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={150}
      items={figures.map(([label, value, note]) => ({ label, value: <Figure value={value} note={note} /> }))}
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
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="l">
          <ProgressBar
            label="Progress"
            value={100 * progressOf(campaign).share}
            additionalInfo={
              campaign.status === 'completed'
                ? undefined
                : campaign.is_planned
                  ? `${progressText(campaign)} recipients settled`
                  : `The plan is being written: ${number(campaign.planned)} recipients so far. Sending begins when it is whole.`
            }
            status={campaign.status === 'completed' ? 'success' : 'in-progress'}
            resultText={`Completed: all ${number(progressOf(campaign).all)} recipients are settled.`}
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
