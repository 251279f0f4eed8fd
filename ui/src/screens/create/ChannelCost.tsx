// What this channel's messages cost in all; for SMS what the length of the text makes of it.

import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Channel, Preview, QueryResults } from '../../api/types';
import { money, number } from '../../shared/format';

interface Props {
  channel: Channel;
  audience: QueryResults;
  preview: Preview | undefined;
}

export function ChannelCost({ channel, audience, preview }: Props) {
  const messages = audience.after_metrics.messages_by_channel[channel];
  const parts = audience.parts_by_channel[channel];
  const items = [
    { label: 'Messages', value: number(messages) },
    ...(channel === 'sms' ? [{ label: 'Parts, each paid for', value: number(parts) }] : []),
    { label: 'Estimated cost', value: money(audience.after_metrics.cost_by_channel[channel]) },
    ...(preview?.price
      ? [
          {
            label: channel === 'sms' ? 'One part to this person' : 'One to this person',
            value: money(preview.price.unit_price),
          },
        ]
      : []),
  ];
  return <KeyValuePairs columns={2} items={items} />;
}
