// What may be sent and what comes back: each sender's quota, the reputation of the account, and the events.

import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { campaignsQuery, quotasQuery } from '../../api/queries';
import { channels, type Campaign } from '../../api/types';
import { channelNames } from '../../shared/format';
import { Answer, Waiting } from '../../shared/states';
import { useTitle } from '../../shared/useTitle';
import { Gauges } from '../overview/Gauges';
import { useSums } from '../overview/useSums';
import { Events } from './Events';
import { Sender } from './Sender';

function SendersToCome() {
  return (
    <SpaceBetween size="l">
      {channels.map((channel, i) => (
        <Container key={channel} header={<Header variant="h2">{channelNames[channel]}</Header>}>
          <Waiting text={i === 0 ? 'Asking the providers; this can take some seconds' : ''} isShort />
          <Waiting text="" isShort />
        </Container>
      ))}
    </SpaceBetween>
  );
}

function Senders() {
  return (
    <Answer query={useQuery(quotasQuery)} shape={<SendersToCome />}>
      {(data) => (
        <SpaceBetween size="l">
          {channels.map((channel) => (
            <Sender key={channel} channel={channel} sender={data.by_channel[channel]} ceiling={data.max_tps} />
          ))}
        </SpaceBetween>
      )}
    </Answer>
  );
}

function Reputation({ campaigns }: { campaigns: readonly Campaign[] }) {
  return <Gauges newest={useSums(campaigns)} description="Of the newest ten campaigns." />;
}

export default function Quotas() {
  useTitle('Quotas & events');
  const campaigns = useQuery(campaignsQuery(200));
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="What each sender may send and has sent, and what carriers tell afterwards.">
        Quotas & events
      </Header>
      <Senders />
      <Events />
      <Answer query={campaigns} text="Looking for the newest campaigns">
        {(known) => <Reputation campaigns={known.campaigns} />}
      </Answer>
    </SpaceBetween>
  );
}
