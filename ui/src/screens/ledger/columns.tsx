import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import type { Delivery } from '../../api/types';
import { channelNames, money, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { DeliveryStateLabel } from '../../shared/Status';
import { Time } from '../../shared/Time';
import { campaignPath } from '../campaigns/columns';

export function ledgerColumns(
  show: (delivery: Delivery) => void,
  campaignName: ((id: string) => string) | null, // of a ledger over all campaigns
  isNarrow = false, // what does not fit stands below the name, and in the drawer
): TableProps.ColumnDefinition<Delivery>[] {
  const all: TableProps.ColumnDefinition<Delivery>[] = [
    {
      id: 'contact',
      header: 'Person',
      isRowHeader: true,
      width: 175,
      cell: (d) => (
        <>
          <Link
            href={`#${d.delivery_id}`}
            onFollow={(event) => {
              event.preventDefault();
              show(d);
            }}
          >
            {d.contact_name ?? (d.contact_id || 'no id')}
          </Link>
          {isNarrow && (
            <Box fontSize="body-s" color="text-body-secondary">
              {[d.channel && channelNames[d.channel], d.reason && words(d.reason), campaignName?.(d.campaign_id)]
                .filter(Boolean)
                .join(' · ')}
            </Box>
          )}
        </>
      ),
    },
    { id: 'state', header: 'State', width: isNarrow ? 140 : 120, cell: (d) => <DeliveryStateLabel state={d.state} /> },
    { id: 'channel', header: 'Channel', width: 115, cell: (d) => (d.channel ? channelNames[d.channel] : '–') },
    { id: 'id', header: 'Customer id', width: 140, cell: (d) => d.contact_id || '–' },
    { id: 'destination', header: 'Address', width: 190, cell: (d) => d.destination ?? '–' },
    { id: 'reason', header: 'Reason', width: 160, cell: (d) => (d.reason ? words(d.reason) : '–') },
    { id: 'attempts', header: 'Attempts', width: 115, cell: (d) => <span className="numeric">{d.attempts}</span> },
    { id: 'cost', header: 'Cost', width: 100, cell: (d) => <span className="numeric">{money(d.cost)}</span> },
    { id: 'updated', header: 'Last change', width: 185, cell: (d) => <Time at={d.updated_at} /> },
  ];
  if (isNarrow) return all.slice(0, 2);
  if (campaignName) {
    all.splice(2, 0, {
      id: 'campaign',
      header: 'Campaign',
      width: 180,
      cell: (d) => <RouteLink to={campaignPath(d.campaign_id)}>{campaignName(d.campaign_id)}</RouteLink>,
    });
  }
  return all;
}
