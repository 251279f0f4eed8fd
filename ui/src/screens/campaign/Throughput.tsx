// Messages per second on each channel, with the rate that was asked for as a line.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import type { Channel } from '../../api/types';
import { channelNames, decimal } from '../../shared/format';
import type { Sample } from './samples';

export function Throughput({ samples, channels }: { samples: readonly Sample[]; channels: readonly Channel[] }) {
  const first = samples[0];
  const last = samples.at(-1);
  const limit = last?.limit ?? 0;
  const highest = Math.max(limit, ...samples.flatMap((s) => channels.map((channel) => s.rates[channel])));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Messages per second on each channel, since this page was opened. A campaign begins with five seconds of its rate at once."
        >
          Throughput
        </Header>
      }
    >
      <LineChart
        height={220}
        hideFilter
        ariaLabel="Throughput"
        ariaDescription={
          last
            ? channels.map((c) => `${channelNames[c]} ${decimal(last.rates[c])} per second`).join(', ')
            : 'nothing measured yet'
        }
        xScaleType="time"
        xDomain={first && last ? [new Date(first.at), new Date(Math.max(last.at, first.at + 10_000))] : undefined}
        yDomain={[0, Math.max(1, highest * 1.15)]}
        xTickFormatter={(date: Date) => date.toLocaleTimeString(undefined, { timeStyle: 'medium' })}
        series={[
          ...channels.map((channel) => ({
            type: 'line' as const,
            title: channelNames[channel],
            data: samples.map((s) => ({ x: new Date(s.at), y: s.rates[channel] })),
            valueFormatter: decimal,
          })),
          { type: 'threshold' as const, title: 'Rate you chose', y: limit, valueFormatter: decimal },
        ]}
        empty={<Box textAlign="center">Nothing measured yet: the line begins with the first message.</Box>}
        i18nStrings={{ xAxisAriaRoleDescription: 'time', yAxisAriaRoleDescription: 'messages per second' }}
      />
    </Container>
  );
}
