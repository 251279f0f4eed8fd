// What came of a campaign: how far messages got on each channel, responses, money, and who was left out.

import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { analyticsQuery } from '../../api/queries';
import { channels, type Analytics, type Campaign, type Channel } from '../../api/types';
import { channelNames, hasEnded, money, number, percent } from '../../shared/format';
import { Answer } from '../../shared/states';
import { useIsNarrow } from '../../shared/useIsNarrow';
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
      columnDefinitions={[
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
      ]}
    />
  );
}

export default function Results({ campaign }: { campaign: Campaign }) {
  const analytics = useQuery({
    ...analyticsQuery(campaign.campaign_id),
    refetchInterval: hasEnded(campaign) ? false : 3_000,
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
            { label: 'Sent', value: `${number(total.accepted)} of ${number(total.planned)}` },
            { label: 'Delivered of what was sent', value: percent(total.delivered_share) },
            { label: 'Failed of what was tried', value: percent(total.failed_share) },
            { label: 'In doubt', value: number(total.in_doubt) },
          ]}
        />
      </Container>
      <Funnel analytics={data} used={used} />
      <Responses analytics={data} used={used} />
      <MoneySpent analytics={data} campaign={campaign} used={used} />
      <Exclusions analytics={data} />
      <Reasons reasons={data.by_reason.filter((row) => row.state !== 'skipped')} isLoading={false} />
    </SpaceBetween>
  );
}
