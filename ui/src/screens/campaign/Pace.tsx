// How fast each channel may go, what holds it, and what carriers asked to be sent again; and another rate, at once.

import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { Campaign, Channel, RunHistory } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, decimal, hasEnded, limitStep, limitText, number } from '../../shared/format';
import { ChangeRate } from './ChangeRate';
import { total } from './history';

function Holding({ campaign, channel }: { campaign: Campaign; channel: Channel }) {
  const { limit, waiting, sending } = campaign.by_channel[channel];
  if (waiting + sending === 0) return <>Nothing: nobody waits</>;
  if (!limit) return <>{campaign.status === 'paused' ? 'The campaign is paused' : '–'}</>;
  if (!limit.limited_by) return <>Nothing</>;
  return (
    <>
      Limited by {limitText(limit.limited_by)}
      <Box color="text-body-secondary" fontSize="body-s">
        {limitStep(limit.limited_by)}
      </Box>
    </>
  );
}

export function Pace({
  campaign,
  history,
  channels,
}: {
  campaign: Campaign;
  history: RunHistory | undefined;
  channels: readonly Channel[];
}) {
  const isOver = hasEnded(campaign);
  const numeric = (value: string) => <span className="numeric">{value}</span>;
  const sum = (channel: Channel, mark: 'throttled' | 'retried') =>
    numeric(history ? number(total(history.by_channel[channel][mark])) : '–');
  return (
    <Table
      variant="container"
      items={[...channels]}
      trackBy={(channel) => channel}
      wrapLines
      ariaLabels={{ tableLabel: 'Pace by channel' }}
      empty="No channel has anybody to write to."
      header={
        <Header
          variant="h2"
          description={
            isOver
              ? 'What carriers asked to be sent more slowly, and what was tried again because they could not take it then.'
              : 'A token lets one message part leave; as many are added each second as the channel is held to.'
          }
        >
          Pace
        </Header>
      }
      footer={!isOver && <ChangeRate campaign={campaign} />}
      columnDefinitions={useFitting<Channel>([
        { id: 'channel', header: 'Channel', isRowHeader: true, minWidth: 110, cell: (c) => channelNames[c] },
        ...(isOver
          ? []
          : [
              {
                id: 'now',
                header: 'Per second now',
                minWidth: 120,
                cell: (c: Channel) => numeric(decimal(campaign.by_channel[c].rate_now)),
              },
              {
                id: 'limit',
                header: 'Held to',
                minWidth: 100,
                cell: (c: Channel) => numeric(decimal(campaign.by_channel[c].limit?.per_second ?? 0)),
              },
              {
                id: 'tokens',
                header: 'Tokens',
                minWidth: 110,
                cell: (c: Channel) => {
                  const { limit } = campaign.by_channel[c];
                  return numeric(limit ? `${number(limit.tokens)} of ${number(limit.burst)}` : '–');
                },
              },
              {
                id: 'holding',
                header: 'What holds it',
                minWidth: 260,
                cell: (c: Channel) => <Holding campaign={campaign} channel={c} />,
              },
            ]),
        { id: 'throttled', header: 'Throttled', minWidth: 110, cell: (c) => sum(c, 'throttled') },
        { id: 'retried', header: 'Retried', minWidth: 100, cell: (c) => sum(c, 'retried') },
      ])}
    />
  );
}
