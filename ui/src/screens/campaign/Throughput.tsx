// Messages per second on each channel since the start, under the rate that was asked for. The server keeps it.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart, { type LineChartProps } from '@cloudscape-design/components/line-chart';
import type { Campaign, Channel, RunHistory } from '../../api/types';
import { channelNames, decimal, duration, utcTime, zoneOf } from '../../shared/format';
import { Failure } from '../../shared/states';
import { asked, lowerLimit, rates } from './history';

type Line = LineChartProps<Date>['series'][number];
const noHistory: RunHistory = {
  seconds_per_slice: 1,
  at: [],
  asked: [],
  by_channel: {
    sms: { accepted: [], failed: [], in_doubt: [], throttled: [], retried: [], limit: [] },
    whatsapp: { accepted: [], failed: [], in_doubt: [], throttled: [], retried: [], limit: [] },
    email: { accepted: [], failed: [], in_doubt: [], throttled: [], retried: [], limit: [] },
  },
};

function linesOf(history: RunHistory, channels: readonly Channel[], isRunning: boolean): Line[] {
  const line = (title: string, data: { x: Date; y: number }[]) => ({
    type: 'line' as const,
    title,
    data,
    valueFormatter: decimal,
  });
  const lines: Line[] = channels.map((channel) => line(channelNames[channel], rates(history, channel, isRunning)));
  for (const channel of channels) {
    const limit = lowerLimit(history, channel);
    if (limit.length > 0) lines.push(line(`${channelNames[channel]}: held to`, limit));
  }
  lines.push(line('Rate you chose', asked(history, isRunning)));
  return lines;
}

export function Throughput({
  campaign,
  history = noHistory,
  error,
  onRetry,
  isLoading,
  channels,
}: {
  campaign: Campaign;
  history: RunHistory | undefined;
  error: unknown;
  onRetry: () => void;
  isLoading: boolean;
  channels: readonly Channel[];
}) {
  const { at, seconds_per_slice: width } = history;
  const first = at[0];
  const lines = linesOf(history, channels, campaign.status === 'running');
  const end = asked(history, campaign.status === 'running')
    .at(-1)
    ?.x.getTime();
  const highest = Math.max(1, ...lines.flatMap((one) => ('data' in one ? one.data.map(({ y }) => y as number) : [])));
  const now = channels.map((c) => `${channelNames[c]} ${decimal(campaign.by_channel[c].rate_now)} per second`);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Messages per second on each channel, mean of ${duration(Math.max(5, width))}. A campaign begins with five seconds of its rate at once.`}
        >
          Throughput
        </Header>
      }
    >
      {error ? (
        <Failure error={error} onRetry={onRetry} />
      ) : (
        <LineChart
          height={220}
          hideFilter
          ariaLabel="Throughput"
          ariaDescription={now.join(', ') || 'Nobody is written to on any channel'}
          statusType={isLoading ? 'loading' : 'finished'}
          loadingText="Reading how it ran"
          xScaleType="time"
          xDomain={
            first !== undefined && end !== undefined
              ? [new Date(first * 1000), new Date(Math.max(end, (first + 10) * 1000))]
              : undefined
          }
          yDomain={[0, highest * 1.15]}
          xTickFormatter={(date) => date.toLocaleTimeString(undefined, { timeStyle: 'medium' })}
          yTickFormatter={decimal}
          xTitle={`Time (${zoneOf(new Date())})`}
          yTitle="Messages per second"
          detailPopoverFooter={(date) => <Box color="text-body-secondary">{utcTime(date)}</Box>}
          series={lines}
          empty={<Box textAlign="center">Nothing was sent yet: the line begins with the first message.</Box>}
          i18nStrings={{ xAxisAriaRoleDescription: 'time', yAxisAriaRoleDescription: 'messages per second' }}
        />
      )}
    </Container>
  );
}
