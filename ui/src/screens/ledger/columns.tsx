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
  hasCampaign: boolean,
): TableProps.ColumnDefinition<Delivery>[] {
  const all: TableProps.ColumnDefinition<Delivery>[] = [
    {
      id: 'contact',
      header: 'Person',
      isRowHeader: true,
      width: 170,
      cell: (d) => (
        <Link
          href={`#${d.delivery_id}`}
          onFollow={(event) => {
            event.preventDefault();
            show(d);
          }}
        >
          {d.contact_id || 'no id'}
        </Link>
      ),
    },
    { id: 'state', header: 'State', width: 130, cell: (d) => <DeliveryStateLabel state={d.state} /> },
    { id: 'channel', header: 'Channel', width: 110, cell: (d) => (d.channel ? channelNames[d.channel] : '–') },
    { id: 'destination', header: 'Address', width: 220, cell: (d) => d.destination ?? '–' },
    { id: 'reason', header: 'Reason', width: 210, cell: (d) => (d.reason ? words(d.reason) : '–') },
    { id: 'attempts', header: 'Attempts', width: 115, cell: (d) => <span className="numeric">{d.attempts}</span> },
    { id: 'cost', header: 'Cost', width: 100, cell: (d) => <span className="numeric">{money(d.cost)}</span> },
    { id: 'updated', header: 'Last change', width: 190, cell: (d) => <Time at={d.updated_at} /> },
  ];
  if (hasCampaign) {
    all.splice(1, 0, {
      id: 'campaign',
      header: 'Campaign',
      width: 200,
      cell: (d) => <RouteLink to={campaignPath(d.campaign_id)}>{d.campaign_id}</RouteLink>,
    });
  }
  return all;
}
