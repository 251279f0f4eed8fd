// Which channel each person gets, what that is expected to bring, and what it costs beside one SMS to everyone.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { channels, type Outlook, type QueryResults } from '../../api/types';
import { Bars } from '../../shared/Bars';
import { Figure } from '../../shared/Figure';
import { useFitting } from '../../shared/fitting';
import { channelNames, decimal, localAmounts, money, number, percent } from '../../shared/format';
import { Waiting } from '../../shared/states';
import { Time } from '../../shared/Time';
import { ChoiceRules } from './ChoiceRules';
import { personColumn } from './people';
import type { StepProps } from './step';

type Eligible = QueryResults['eligible_users'][number];

function perResponse(outlook: Outlook): string {
  return outlook.cost_per_response === null
    ? 'no response expected'
    : `${money(outlook.cost_per_response)} per response`;
}

function Comparison({ before, after }: { before: Outlook; after: Outlook }) {
  const figure = (value: string, note?: string) => <Figure value={value} note={note} />;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Cost of this plan', value: figure(money(after.cost), perResponse(after)) },
        { label: 'Everyone by SMS instead', value: figure(money(before.cost), perResponse(before)) },
        {
          label: 'Expected responses',
          value: figure(
            decimal(after.expected_responses),
            `${decimal(before.expected_responses)} if everyone got an SMS`,
          ),
        },
        {
          label: 'Expected opt-outs',
          value: figure(
            decimal(after.expected_opt_outs),
            `${decimal(before.expected_opt_outs)} if everyone got an SMS`,
          ),
        },
      ]}
    />
  );
}

export function ChannelStep(props: StepProps) {
  const { audience } = props;
  const columns = useFitting<Eligible>(
    [
      personColumn<Eligible>(),
      {
        id: 'channel',
        header: 'Channel',
        minWidth: 110,
        cell: (u) => (
          <>
            {channelNames[u.selected_channel]}
            {u.is_override && <Box color="text-body-secondary">chosen by you</Box>}
            {u.is_exploration && <Box color="text-body-secondary">drawn by lot</Box>}
          </>
        ),
      },
      { id: 'response', header: 'Response', minWidth: 100, cell: (u) => percent(u.expected_response) },
      { id: 'cost', header: 'Cost', minWidth: 92, cell: (u) => money(u.cost) },
      { id: 'when', header: 'When', minWidth: 110, cell: (u) => <Time at={u.send_at} none="at once" /> },
      { id: 'why', header: 'Why this channel', minWidth: 240, cell: (u) => localAmounts(u.reason) },
    ],
    ['channel'],
  );
  if (!audience) return <Waiting text="Choosing channels" />;
  const { before_metrics: before, after_metrics: after } = audience;
  const explored = audience.eligible_users.filter((user) => user.is_exploration).length;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description="Per person, from consent, address, cost and what they responded to before.">
            The plan
          </Header>
        }
      >
        <SpaceBetween size="l">
          <Comparison before={before} after={after} />
          <Bars
            label="Messages by channel"
            bars={channels.map((channel) => ({
              id: channel,
              name: channelNames[channel],
              value: after.messages_by_channel[channel],
              text: `${number(after.messages_by_channel[channel])} for ${money(after.cost_by_channel[channel])}`,
            }))}
          />
          <Box color="text-body-secondary">
            {explored > 0 &&
              `For ${number(explored)} of the ${number(audience.eligible_users.length)} people below the channel was drawn by lot, so that the choice goes on learning.`}
          </Box>
        </SpaceBetween>
      </Container>
      <ChoiceRules {...props} />
      <Table
        variant="container"
        wrapLines
        items={audience.eligible_users}
        trackBy="customer_id"
        ariaLabels={{ tableLabel: 'People who get a message' }}
        header={
          <Header
            variant="h2"
            counter={`(${number(audience.eligible_users.length)} of ${number(audience.eligible_count)})`}
            description="A sample, with the reason for each channel."
          >
            People
          </Header>
        }
        columnDefinitions={columns}
      />
    </SpaceBetween>
  );
}
