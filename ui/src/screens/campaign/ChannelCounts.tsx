import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { channels, type Campaign, type Counts } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, number } from '../../shared/format';

interface Row {
  name: string;
  counts: Counts;
}

const states = ['planned', 'waiting', 'sending', 'accepted', 'delivered', 'failed', 'skipped', 'in_doubt'] as const;
const titles: Record<(typeof states)[number], string> = {
  planned: 'Planned',
  waiting: 'Waiting',
  sending: 'Sending',
  accepted: 'Sent',
  delivered: 'Delivered',
  failed: 'Failed',
  skipped: 'Skipped',
  in_doubt: 'In doubt',
};

// The counts add up: planned = waiting + sending + sent + failed + skipped + in doubt; sent includes delivered.
export function ChannelCounts({ campaign }: { campaign: Campaign }) {
  const rows: Row[] = channels
    .map((channel) => ({ name: channelNames[channel], counts: campaign.by_channel[channel] as Counts }))
    .filter((row) => row.counts.planned > 0);
  if (campaign.without_channel.planned > 0) rows.push({ name: 'No channel', counts: campaign.without_channel });
  return (
    <Table
      variant="container"
      items={rows}
      trackBy="name"
      header={
        <Header
          variant="h2"
          description="Planned = waiting + sending + sent + failed + skipped + in doubt. Sent includes delivered."
        >
          By channel
        </Header>
      }
      ariaLabels={{ tableLabel: 'Counts by channel' }}
      empty="Nobody is planned yet."
      wrapLines
      columnDefinitions={useFitting<Row>([
        { id: 'name', header: 'Channel', cell: (row) => row.name, isRowHeader: true },
        ...states.map((state) => ({
          id: state,
          header: titles[state],
          cell: (row: Row) => <span className="numeric">{number(row.counts[state])}</span>,
        })),
      ])}
    />
  );
}
