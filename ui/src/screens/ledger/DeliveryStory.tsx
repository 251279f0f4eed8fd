// Everything about one delivery: why this channel, what was sent, and what happened when.

import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Steps from '@cloudscape-design/components/steps';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { deliveryQuery } from '../../api/queries';
import { channels, type Channel, type DeliveryDetail, type Message } from '../../api/types';
import { channelNames, decimal, localAmounts, money, percent, words } from '../../shared/format';
import { MessagePreview } from '../../shared/MessagePreview';
import { RouteLink } from '../../shared/RouteLink';
import { DeliveryStateLabel } from '../../shared/Status';
import { Answer } from '../../shared/states';
import { Time } from '../../shared/Time';
import { InDoubt } from './InDoubt';
import { story } from './story';

interface Why {
  sentence?: string;
  probability?: number;
  explored?: boolean;
  scores?: Partial<Record<Channel, { response: number; cost_usd: number; opt_out_risk: number; reward_usd: number }>>;
}

function Timeline({ delivery }: { delivery: DeliveryDetail }) {
  return (
    <Steps
      ariaLabel="What happened"
      steps={story(delivery).map(({ status, title, at, detail }) => ({
        status,
        header: title,
        details: (
          <>
            <Time at={at} none="" />
            {detail && <Box color="text-body-secondary">{detail}</Box>}
          </>
        ),
      }))}
    />
  );
}

// What each channel promised when the choice was made.
function Scores({ scores }: { scores: NonNullable<Why['scores']> }) {
  return (
    <Table
      variant="embedded"
      items={channels.filter((channel) => scores[channel])}
      ariaLabels={{ tableLabel: 'Channels compared' }}
      columnDefinitions={[
        { id: 'channel', header: 'Channel', isRowHeader: true, cell: (c) => channelNames[c] },
        { id: 'response', header: 'Response', cell: (c) => percent(scores[c]!.response) },
        { id: 'cost', header: 'Cost', cell: (c) => money(scores[c]!.cost_usd) },
        { id: 'reward', header: 'Worth', cell: (c) => money(scores[c]!.reward_usd) },
      ]}
    />
  );
}

function why(document: unknown): Why {
  if (typeof document === 'string') return { sentence: document };
  return typeof document === 'object' && document !== null ? (document as Why) : {};
}

export function DeliveryStory({ id }: { id: string }) {
  return (
    <Answer query={useQuery(deliveryQuery(id))} text="Reading the delivery">
      {(data) => <Story data={data} />}
    </Answer>
  );
}

function Story({ data }: { data: DeliveryDetail }) {
  const reasons = why(data.why);
  const message = data.message as (Message & { error?: string }) | null;
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'State', value: <DeliveryStateLabel state={data.state} /> },
          { label: 'Channel', value: data.channel ? channelNames[data.channel] : 'none' },
          { label: 'Address', value: data.destination ?? '–' },
          { label: 'Attempts', value: decimal(data.attempts) },
          { label: 'Parts', value: decimal(data.parts) },
          { label: 'Cost', value: money(data.cost) },
          { label: 'Not before', value: <Time at={data.due_at} none="at once" /> },
          { label: 'Last change', value: <Time at={data.updated_at} /> },
          { label: 'Provider id', value: data.provider_id ?? '–' },
          {
            label: 'Contact',
            value: <RouteLink to={`/contacts/${encodeURIComponent(data.contact_id)}`}>{data.contact_id}</RouteLink>,
          },
        ]}
      />
      {data.state === 'in_doubt' && <InDoubt delivery={data} />}
      {data.reason && (
        <div>
          <Box variant="h3">{words(data.reason)}</Box>
          {data.reason_text && <Box>{data.reason_text}</Box>}
        </div>
      )}
      {reasons.sentence && (
        <div>
          <Box variant="h3">Why</Box>
          <Box>{localAmounts(reasons.sentence)}</Box>
          {reasons.probability !== undefined && (
            <Box color="text-body-secondary">
              Chosen with probability {percent(reasons.probability)}
              {reasons.explored ? ', to keep learning' : ''}.
            </Box>
          )}
          {reasons.scores && <Scores scores={reasons.scores} />}
        </div>
      )}
      <div>
        <Box variant="h3">What happened</Box>
        <Timeline delivery={data} />
      </div>
      {message && data.channel && (
        <div>
          <Box variant="h3">Message</Box>
          {message.error ? (
            <Box>{message.error}</Box>
          ) : (
            <MessagePreview channel={data.channel} text={message.text ?? ''} message={message} />
          )}
        </div>
      )}
    </SpaceBetween>
  );
}
