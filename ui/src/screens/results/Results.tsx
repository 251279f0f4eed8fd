// What came of a campaign: how far messages got on each channel, responses, money, and who was left out.

import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { analyticsQuery, isFresh } from '../../api/queries';
import { channels, type Analytics, type Campaign, type Channel } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, hasEnded, money, number, percent, progressOf } from '../../shared/format';
import { Figure } from '../../shared/Figure';
import { Answer } from '../../shared/states';
import { useIsNarrow } from '../../shared/useIsNarrow';
import { campaignPath } from '../campaigns/columns';
import { Reasons } from '../campaign/Reasons';
import { Exclusions } from './Exclusions';
import { shareInterval } from './interval';
import { MoneySpent } from './Money';

const stages = [
  ['Planned', (a: Analytics, c: Channel) => a.by_channel[c].planned],
  ['Sent', (a: Analytics, c: Channel) => a.by_channel[c].accepted],
  ['Delivered', (a: Analytics, c: Channel) => a.by_channel[c].delivered],
  ['Opened', (a: Analytics, c: Channel) => a.response[c].opened],
  ['Clicked', (a: Analytics, c: Channel) => a.response[c].clicked],
  ['Replied', (a: Analytics, c: Channel) => a.response[c].replied],
] as const;

const responses = ['opened', 'clicked', 'replied', 'bounced', 'complained', 'opted_out'] as const;
const responseNames = {
  opened: 'Opened',
  clicked: 'Clicked',
  replied: 'Replied',
  bounced: 'Bounced',
  complained: 'Complained',
  opted_out: 'Opted out',
};

function Funnel({ analytics, used }: { analytics: Analytics; used: readonly Channel[] }) {
  const isNarrow = useIsNarrow();
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="How far messages got. Opens, clicks and replies are counted where carriers tell."
        >
          Funnel
        </Header>
      }
    >
      <BarChart
        height={isNarrow ? 420 : 240}
        horizontalBars={isNarrow} // its stages would have no room side by side
        hideFilter
        ariaLabel="Funnel by channel"
        xScaleType="categorical"
        xDomain={stages.map(([title]) => title as string)}
        yDomain={[0, Math.max(1, ...used.map((c) => analytics.by_channel[c].planned))]}
        series={used.map((channel) => ({
          type: 'bar' as const,
          title: channelNames[channel],
          data: stages.map(([title, read]) => ({ x: title as string, y: read(analytics, channel) })),
          valueFormatter: number,
        }))}
        empty="Nothing was sent."
      />
    </Container>
  );
}

function ResponseShare({ part, whole }: { part: number; whole: number }) {
  if (whole === 0) return <>–</>;
  const [low, high] = shareInterval(part, whole);
  return (
    <>
      <span className="numeric">{number(part)}</span> ({percent(part / whole)})
      <Box color="text-body-secondary" fontSize="body-s">
        {percent(low)} to {percent(high)}
      </Box>
    </>
  );
}

function Responses({ analytics, used }: { analytics: Analytics; used: readonly Channel[] }) {
  return (
    <Table
      variant="container"
      items={[...used]}
      header={
        <Header variant="h2" description="People and their share of what was sent, with its 95 % interval.">
          Response by channel
        </Header>
      }
      ariaLabels={{ tableLabel: 'Response by channel' }}
      empty="Nothing was sent."
      wrapLines
      columnDefinitions={useFitting<Channel>([
        { id: 'channel', header: 'Channel', isRowHeader: true, cell: (c) => channelNames[c] },
        ...responses.map((kind) => ({
          id: kind,
          header: responseNames[kind],
          minWidth: 120,
          cell: (c: Channel) => (
            <ResponseShare part={analytics.response[c][kind]} whole={analytics.by_channel[c].accepted} />
          ),
        })),
        { id: 'cost', header: 'Cost', cell: (c) => money(analytics.response[c].actual_cost) },
      ])}
    />
  );
}

export default function Results({ campaign }: { campaign: Campaign }) {
  const analytics = useQuery({
    ...analyticsQuery(campaign.campaign_id),
    refetchInterval: () => (!hasEnded(campaign) ? 3_000 : isFresh(campaign) ? 5_000 : false),
  });
  return (
    <Answer query={analytics} text="Adding the results up">
      {(data) => <Figures data={data} campaign={campaign} />}
    </Answer>
  );
}

function Figures({ data, campaign }: { data: Analytics; campaign: Campaign }) {
  const used = channels.filter((channel) => data.by_channel[channel].planned > 0);
  const { total } = data;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">In short</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            {
              label: 'Sent',
              value: (
                <Figure
                  value={number(total.accepted)}
                  note={`of ${number(progressOf({ ...total, status: campaign.status }).all)} to send`}
                />
              ),
            },
            {
              label: 'Delivered',
              value: (
                <Figure value={percent(total.delivered_share)} note={`${number(total.delivered)} of what was sent`} />
              ),
            },
            {
              label: 'Failed',
              value: <Figure value={percent(total.failed_share)} note={`${number(total.failed)} of what was tried`} />,
            },
            {
              label: 'In doubt',
              value: <Figure value={number(total.in_doubt)} />,
            },
          ]}
        />
      </Container>
      <Funnel analytics={data} used={used} />
      <Responses analytics={data} used={used} />
      <MoneySpent analytics={data} campaign={campaign} used={used} />
      <Exclusions analytics={data} />
      <Reasons
        reasons={data.by_reason.filter((row) => row.state !== 'skipped')}
        isLoading={false}
        ledger={`${campaignPath(campaign.campaign_id)}/recipients`}
      />
    </SpaceBetween>
  );
}
