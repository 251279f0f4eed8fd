import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Campaign } from '../../api/types';
import { money, number, percent } from '../../shared/format';

const big = (value: string) => (
  <Box fontSize="heading-xl" fontWeight="bold">
    <span className="numeric">{value}</span>
  </Box>
);

export function Totals({ campaigns }: { campaigns: readonly Campaign[] }) {
  const sum = (read: (campaign: Campaign) => number) => campaigns.reduce((all, campaign) => all + read(campaign), 0);
  const sent = sum((c) => c.accepted);
  const delivered = sum((c) => c.delivered);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            campaigns.length === 1 ? 'One campaign so far.' : `The newest ${number(campaigns.length)} campaigns.`
          }
        >
          In sum
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        minColumnWidth={140}
        items={[
          { label: 'Planned', value: big(number(sum((c) => c.planned))) },
          { label: 'Sent', value: big(number(sent)) },
          { label: 'Delivered of what was sent', value: big(sent === 0 ? '–' : percent(delivered / sent)) },
          { label: 'Failed', value: big(number(sum((c) => c.failed))) },
          { label: 'Skipped', value: big(number(sum((c) => c.skipped))) },
          { label: 'In doubt', value: big(number(sum((c) => c.in_doubt))) },
          { label: 'Spent', value: big(money(sum((c) => c.actual_cost))) },
          { label: 'Estimated', value: big(money(sum((c) => c.estimated_cost))) },
        ]}
      />
    </Container>
  );
}
