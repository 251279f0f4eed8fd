import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import type { Delivery } from '../../api/types';
import { channelNames, money, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { DeliveryStateLabel, deliveryStateText } from '../../shared/Status';
import { Time } from '../../shared/Time';
import { campaignPath } from '../campaigns/columns';

type Column = TableProps.ColumnDefinition<Delivery>;
type CampaignName = (id: string) => string;

const state: Column = { id: 'state', header: 'State', width: 132, cell: (d) => <DeliveryStateLabel state={d.state} /> };
const channel: Column = {
  id: 'channel',
  header: 'Channel',
  width: 112,
  cell: (d) => (d.channel ? channelNames[d.channel] : '–'),
};
const reason: Column = { id: 'reason', header: 'Reason', width: 153, cell: (d) => (d.reason ? words(d.reason) : '–') };
const cost: Column = {
  id: 'cost',
  header: 'Cost',
  width: 90,
  cell: (d) => <span className="numeric">{money(d.cost)}</span>,
};
const updated: Column = {
  id: 'updated',
  header: 'Last change',
  width: 178,
  cell: (d) => <Time at={d.updated_at} />,
};
const campaign = (nameOf: CampaignName): Column => ({
  id: 'campaign',
  header: 'Campaign',
  width: 120,
  cell: (d) => <RouteLink to={campaignPath(d.campaign_id)}>{nameOf(d.campaign_id)}</RouteLink>,
});

function PersonLink({ delivery, show }: { delivery: Delivery; show: (delivery: Delivery) => void }) {
  return (
    <Link
      href={`#${delivery.delivery_id}`}
      onFollow={(event) => {
        event.preventDefault();
        show(delivery);
      }}
    >
      {delivery.contact_name ?? (delivery.contact_id || 'no id')}
    </Link>
  );
}

const Note = ({ children }: { children: string }) => (
  <Box variant="span" fontSize="body-s" color="text-body-secondary">
    {children}
  </Box>
);

// Of a ledger. What has no column, such as attempts and the provider's id, is in the drawer.
export function ledgerColumns(
  show: (delivery: Delivery) => void,
  campaignName: CampaignName | null, // of a ledger over all campaigns
  isNarrow: boolean,
): Column[] {
  if (isNarrow) {
    const person: Column = {
      id: 'contact',
      header: 'Person',
      isRowHeader: true,
      cell: (d) => (
        <>
          <PersonLink delivery={d} show={show} />
          <div>
            <Note>
              {[d.channel && channelNames[d.channel], d.reason && words(d.reason), campaignName?.(d.campaign_id)]
                .filter(Boolean)
                .join(' · ')}
            </Note>
          </div>
        </>
      ),
    };
    return [person, { ...state, width: 140 }];
  }
  const person: Column = {
    id: 'contact',
    header: 'Person',
    isRowHeader: true,
    width: 222,
    cell: (d) => (
      <>
        <PersonLink delivery={d} show={show} /> {d.contact_name && <Note>{d.contact_id}</Note>}
      </>
    ),
  };
  const address: Column = { id: 'destination', header: 'Address', width: 200, cell: (d) => d.destination ?? '–' };
  return campaignName
    ? [person, state, campaign(campaignName), channel, { ...address, width: 160 }, reason, cost, updated]
    : [person, state, channel, address, reason, cost, updated];
}

// Of one person: whose deliveries they are is known, and each opens its story.
export function recentColumns(show: (delivery: Delivery) => void, campaignName: CampaignName): Column[] {
  return [
    {
      id: 'state',
      header: 'State',
      isRowHeader: true,
      cell: (d) => (
        <Button
          variant="inline-link"
          ariaLabel={`${deliveryStateText(d.state)}: ${campaignName(d.campaign_id)}`}
          onClick={() => show(d)}
        >
          {deliveryStateText(d.state)}
        </Button>
      ),
    },
    campaign(campaignName),
    channel,
    { id: 'destination', header: 'Address', cell: (d) => d.destination ?? '–' },
    reason,
    cost,
    updated,
  ];
}
