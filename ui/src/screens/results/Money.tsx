// What the campaign cost beside what was expected, and what one delivered message and one response came to.

import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Analytics, Campaign, Channel } from '../../api/types';
import { Bars } from '../../shared/Bars';
import { channelNames, hasEnded, money, percent } from '../../shared/format';

interface Props {
  analytics: Analytics;
  campaign: Campaign;
  used: readonly Channel[];
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
      <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
        <Bars label="Estimated and real cost" bars={bars} />
        <KeyValuePairs
          columns={2}
          items={[
            {
              label: 'Difference',
              value:
                cost.estimated > 0
                  ? `${money(cost.difference)} (${percent(cost.difference / cost.estimated)})`
                  : money(cost.difference),
            },
            { label: 'Per delivered message', value: total.delivered > 0 ? money(cost.actual / total.delivered) : '–' },
            { label: 'Per click or reply', value: responses > 0 ? money(cost.actual / responses) : '–' },
            ...used.map((channel) => ({
              label: `${channelNames[channel]}, real`,
              value: money(response[channel].actual_cost),
            })),
          ]}
        />
      </Grid>
    </Container>
  );
}
