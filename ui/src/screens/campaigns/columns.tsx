import Box from '@cloudscape-design/components/box';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import type { TableProps } from '@cloudscape-design/components/table';
import type { Campaign } from '../../api/types';
import { audienceText } from '../../shared/audience';
import { channelNames, duration, money, number, settled, usedChannels } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { CampaignState } from '../../shared/Status';
import { Time } from '../../shared/Time';

export const campaignPath = (id: string) => `/campaigns/${encodeURIComponent(id)}`;
const name = (campaign: Campaign) => campaign.name || campaign.campaign_id;

function seconds(campaign: Campaign): number {
  if (!campaign.started_at) return 0;
  const end = campaign.finished_at ? Date.parse(campaign.finished_at) : Date.now();
  return (end - Date.parse(campaign.started_at)) / 1000;
}

const count = (id: string, header: string, read: (campaign: Campaign) => number) => ({
  id,
  header,
  cell: (campaign: Campaign) => <span className="numeric">{number(read(campaign))}</span>,
  sortingComparator: (a: Campaign, b: Campaign) => read(a) - read(b),
  width: header.length > 7 ? 134 : header.length > 5 ? 112 : 96,
});

export const columns: TableProps.ColumnDefinition<Campaign>[] = [
  {
    id: 'name',
    header: 'Campaign',
    cell: (c) => <RouteLink to={campaignPath(c.campaign_id)}>{name(c)}</RouteLink>,
    sortingComparator: (a, b) => name(a).localeCompare(name(b)),
    isRowHeader: true,
    width: 180,
  },
  {
    id: 'status',
    header: 'Status',
    cell: (c) => <CampaignState status={c.status} />,
    sortingField: 'status',
    width: 135,
  },
  {
    id: 'progress',
    header: 'Progress',
    cell: (c) => (
      <ProgressBar
        value={c.planned === 0 ? 0 : (100 * settled(c)) / c.planned}
        ariaLabel={`Progress of ${name(c)}`}
        additionalInfo={`${number(settled(c))} of ${number(c.planned)}`}
      />
    ),
    sortingComparator: (a, b) => settled(a) / (a.planned || 1) - settled(b) / (b.planned || 1),
    width: 150,
  },
  count('accepted', 'Sent', (c) => c.accepted),
  count('delivered', 'Delivered', (c) => c.delivered),
  count('failed', 'Failed', (c) => c.failed),
  count('in_doubt', 'In doubt', (c) => c.in_doubt),
  {
    id: 'started',
    header: 'Started',
    cell: (c) => <Time at={c.started_at} none={c.start_at ? <Time at={c.start_at} before="at" /> : 'not yet'} />,
    sortingComparator: (a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''),
    width: 215,
  },
  {
    id: 'duration',
    header: 'Took',
    cell: (c) => (c.started_at ? duration(seconds(c)) : '–'),
    sortingComparator: (a, b) => seconds(a) - seconds(b),
    width: 100,
  },
  {
    id: 'channels',
    header: 'Channels',
    cell: (c) =>
      usedChannels(c)
        .map((channel) => channelNames[channel])
        .join(', ') || '–',
    width: 170,
  },
  { id: 'audience', header: 'Audience', cell: (c) => audienceText(c), width: 220 },
  count('skipped', 'Skipped', (c) => c.skipped),
  {
    id: 'cost',
    header: 'Cost',
    cell: (c) => <span className="numeric">{money(c.actual_cost)}</span>,
    sortingField: 'actual_cost',
    width: 110,
  },
  {
    id: 'created',
    header: 'Created',
    cell: (c) => <Time at={c.created_at} />,
    sortingField: 'created_at',
    width: 180,
  },
];

// On a phone: what is not there stands below the name, or on the campaign's own page.
export const narrowColumns: TableProps.ColumnDefinition<Campaign>[] = columns.slice(0, 2).map((column) =>
  column.id === 'name'
    ? {
        ...column,
        cell: (c) => (
          <>
            <RouteLink to={campaignPath(c.campaign_id)}>{name(c)}</RouteLink>
            <Box fontSize="body-s" color="text-body-secondary">
              {`${number(settled(c))} of ${number(c.planned)}, ${number(c.delivered)} delivered, ${number(c.failed)} failed`}
            </Box>
          </>
        ),
      }
    : column,
);

export const columnOptions = columns.map((column) => ({
  id: column.id!,
  label: String(column.header),
  alwaysVisible: column.id === 'name',
}));
export const firstVisible = columnOptions
  .map(({ id }) => id)
  .filter((id) => !['skipped', 'cost', 'created'].includes(id));
