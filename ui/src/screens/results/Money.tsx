// What the campaign cost beside what was expected, and what one delivered message and one response came to.

import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { Analytics, Campaign, Channel } from '../../api/types';
import { Bars } from '../../shared/Bars';
import { useFitting } from '../../shared/fitting';
import { channelNames, hasEnded, money, number, percent } from '../../shared/format';
import { costsOf, type ChannelCost } from './costs';

interface Props {
  analytics: Analytics;
  campaign: Campaign;
  used: readonly Channel[];
}

const differenceText = (difference: number, share: number | null) =>
  share === null ? money(difference) : `${money(difference)} (${percent(share)})`;
const numeric = (text: string) => <span className="numeric">{text}</span>;

function ByChannel({ costs }: { costs: readonly ChannelCost[] }) {
  return (
    <Table
      variant="embedded"
      items={[...costs]}
      trackBy="channel"
      ariaLabels={{ tableLabel: 'Cost by channel' }}
      empty="Nobody is planned yet."
      wrapLines
      columnDefinitions={useFitting<ChannelCost>(
        [
          { id: 'channel', header: 'Channel', isRowHeader: true, minWidth: 110, cell: (c) => channelNames[c.channel] },
          {
            id: 'sent',
            header: 'Sent',
            minWidth: 120,
            cell: (c) => numeric(`${number(c.sent)} of ${number(c.planned)}`),
          },
          { id: 'estimated', header: 'Estimated', minWidth: 105, cell: (c) => numeric(money(c.estimated)) },
          { id: 'actual', header: 'Real', minWidth: 105, cell: (c) => numeric(money(c.actual)) },
          {
            id: 'difference',
            header: 'Difference',
            minWidth: 150,
            cell: (c) => numeric(differenceText(c.difference, c.share)),
          },
          {
            id: 'message',
            header: 'Real, per message sent',
            minWidth: 150,
            cell: (c) => numeric(c.perMessage === null ? '–' : money(c.perMessage)),
          },
        ],
        ['actual'],
      )}
    />
  );
}

export function MoneySpent({ analytics, campaign, used }: Props) {
  const { cost, total, response } = analytics;
  const responses = used.reduce((sum, channel) => sum + response[channel].clicked + response[channel].replied, 0);
  const bar = (name: string, value: number) => ({ id: name, name, value, text: money(value) });
  const bars = [
    bar('Estimated', cost.estimated),
    bar('Real', cost.actual),
    ...(campaign.budget === null ? [] : [bar('Budget', campaign.budget)]),
  ];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            hasEnded(campaign) ? 'The real cost by the prices of Settings.' : 'It still sends: the real cost grows.'
          }
        >
          Real against estimated cost
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
          <Bars label="Estimated and real cost" bars={bars} />
          <KeyValuePairs
            columns={3}
            minColumnWidth={120}
            items={[
              {
                label: 'Difference',
                value: differenceText(cost.difference, cost.estimated > 0 ? cost.difference / cost.estimated : null),
              },
              {
                label: 'Per delivered message',
                value: total.delivered > 0 ? money(cost.actual / total.delivered) : '–',
              },
              { label: 'Per click or reply', value: responses > 0 ? money(cost.actual / responses) : '–' },
            ]}
          />
        </Grid>
        <ByChannel costs={costsOf(analytics, used)} />
      </SpaceBetween>
    </Container>
  );
}
