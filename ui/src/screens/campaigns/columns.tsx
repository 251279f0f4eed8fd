import Box from '@cloudscape-design/components/box';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Campaign } from '../../api/types';
import { audienceText } from '../../shared/audience';
import { channelNames, duration, money, number, progressOf, progressText, usedChannels } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { CampaignState } from '../../shared/Status';
import { Time } from '../../shared/Time';

export const campaignPath = (id: string) => `/campaigns/${encodeURIComponent(id)}`;
const name = (campaign: Campaign) => campaign.name || campaign.campaign_id;

// How long it has been at work.
export function secondsOf(campaign: Campaign): number {
  if (!campaign.started_at) return 0;
  const end = campaign.finished_at ? Date.parse(campaign.finished_at) : Date.now();
  return (end - Date.parse(campaign.started_at)) / 1000;
}

const Note = ({ children }: { children: ReactNode }) => (
  <Box fontSize="body-s" color="text-body-secondary" fontWeight="normal">
    {children}
  </Box>
);

const count = (id: string, header: string, read: (campaign: Campaign) => number) => ({
  id,
  header,
  cell: (campaign: Campaign) => <span className="numeric">{number(read(campaign))}</span>,
  sortingComparator: (a: Campaign, b: Campaign) => read(a) - read(b),
  width: header.length > 7 ? 124 : header.length > 5 ? 104 : 92,
});

export const columns: TableProps.ColumnDefinition<Campaign>[] = [
  {
    id: 'name',
    header: 'Campaign',
    cell: (c) => (
      <>
        <RouteLink to={campaignPath(c.campaign_id)}>{name(c)}</RouteLink>
        <Note>{audienceText(c)}</Note>
      </>
    ),
    sortingComparator: (a, b) => name(a).localeCompare(name(b)),
    isRowHeader: true,
    width: 172,
  },
  {
    id: 'status',
    header: 'Status',
    cell: (c) => <CampaignState status={c.status} />,
    sortingField: 'status',
    width: 135,
  },
  {
    id: 'channels',
    header: 'Channels',
    cell: (c) =>
      usedChannels(c)
        .map((channel) => channelNames[channel])
        .join(', ') || '–',
    width: 112,
  },
  {
    id: 'progress',
    header: 'Progress',
    cell: (c) => (
      <ProgressBar
        value={100 * progressOf(c).share}
        ariaLabel={`Progress of ${name(c)}`}
        additionalInfo={progressText(c)}
      />
    ),
    sortingComparator: (a, b) => progressOf(a).share - progressOf(b).share,
    width: 125,
  },
  count('accepted', 'Sent', (c) => c.accepted),
  count('delivered', 'Delivered', (c) => c.delivered),
  count('failed', 'Failed', (c) => c.failed),
  count('in_doubt', 'In doubt', (c) => c.in_doubt),
  {
    id: 'started',
    header: 'Started',
    cell: (c) => (
      <>
        <Time at={c.started_at} none={c.start_at ? <Time at={c.start_at} before="at" /> : 'not yet'} />
        {c.started_at && (
          <Note>
            {c.finished_at ? 'took' : 'for'} {duration(secondsOf(c))}
          </Note>
        )}
      </>
    ),
    sortingComparator: (a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''),
    width: 140,
  },
  {
    id: 'duration',
    header: 'Took',
    cell: (c) => (c.started_at ? duration(secondsOf(c)) : '–'),
    sortingComparator: (a, b) => secondsOf(a) - secondsOf(b),
    width: 100,
  },
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
            <Note>{`${progressText(c)}, ${number(c.delivered)} delivered, ${number(c.failed)} failed`}</Note>
          </>
        ),
      }
    : { ...column, minWidth: 140 },
);

export const columnOptions = columns.map((column) => ({
  id: column.id!,
  label: String(column.header),
  alwaysVisible: column.id === 'name',
}));
export const firstVisible = columnOptions
  .map(({ id }) => id)
  .filter((id) => !['duration', 'skipped', 'cost', 'created'].includes(id));
