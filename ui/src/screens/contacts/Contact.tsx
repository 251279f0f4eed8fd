// One person: who they are, what they agreed to, where they are suppressed, and what they were sent.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { contactQuery } from '../../api/queries';
import { channels, type Channel, type ContactDetail, type Delivery } from '../../api/types';
import { usePanel } from '../../app/panel';
import { useFitting } from '../../shared/fitting';
import { channelNames, countryName, money, number, percent, words } from '../../shared/format';
import { Answer } from '../../shared/states';
import { Time } from '../../shared/Time';
import { useTitle } from '../../shared/useTitle';
import { recentColumns } from '../ledger/columns';
import { DeliveryStory } from '../ledger/DeliveryStory';
import { useCampaignNames } from '../ledger/useCampaignNames';
import { consentText } from './consentHistory';
import { ConsentState } from './ConsentState';
import { contactName } from '../../shared/contactNames';

const listed = (values: readonly string[] | undefined) => (values && values.length > 0 ? values.join(', ') : '–');

function Person({ contact }: { contact: ContactDetail }) {
  return (
    <Container header={<Header variant="h2">Person</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Phone', value: contact.phone ?? '–' },
          { label: 'Email', value: contact.email ?? '–' },
          {
            label: 'City',
            value: [contact.city, contact.country && countryName(contact.country)].filter(Boolean).join(', ') || '–',
          },
          { label: 'Time zone', value: contact.time_zone ?? '–' },
          { label: 'Language', value: contact.language ?? '–' },
          { label: 'Age', value: contact.age ?? '–' },
          { label: 'Tags', value: listed(contact.tags) },
          { label: 'Interests', value: listed(contact.interests) },
          { label: 'Purchases', value: number(contact.purchase_count ?? 0) },
          { label: 'Spent', value: money(contact.total_spent_usd ?? 0) },
          { label: 'Last purchase', value: <Time at={contact.last_purchase_at} /> },
          { label: 'Last contacted', value: <Time at={contact.last_contacted_at} /> },
          { label: 'Bought', value: listed(contact.purchased_skus) },
          { label: 'Viewed', value: listed(contact.browsed_skus) },
          { label: 'In the cart', value: listed(contact.cart_skus) },
          {
            label: 'Complaint',
            value: contact.has_open_complaint ? <StatusIndicator type="warning">Open</StatusIndicator> : 'None open',
          },
        ]}
      />
    </Container>
  );
}

function Consent({ contact }: { contact: ContactDetail }) {
  const suppression = (channel: string) => contact.suppressions.find((row) => row.channel === channel);
  return (
    <Table
      variant="container"
      items={[...channels]}
      header={<Header variant="h2">Consent and response</Header>}
      ariaLabels={{ tableLabel: 'Consent by channel' }}
      wrapLines
      columnDefinitions={useFitting<Channel>(
        [
          { id: 'channel', header: 'Channel', isRowHeader: true, minWidth: 110, cell: (c) => channelNames[c] },
          {
            id: 'state',
            header: 'Consent',
            minWidth: 155,
            cell: (c) => <ConsentState state={contact.consent[c].state} />,
          },
          { id: 'source', header: 'Source', minWidth: 130, cell: (c) => contact.consent[c].source ?? '–' },
          {
            id: 'at',
            header: 'Since',
            minWidth: 130,
            cell: (c) => (contact.consent[c].at ? <Time at={contact.consent[c].at} /> : '–'),
          },
          {
            id: 'suppressed',
            header: 'Suppressed',
            minWidth: 130,
            cell: (c) => {
              const row = suppression(c);
              return row ? (
                <StatusIndicator type="stopped">
                  {words(row.reason)}, <Time at={row.at} />
                </StatusIndicator>
              ) : (
                'No'
              );
            },
          },
          {
            id: 'sent',
            header: 'Responded',
            minWidth: 110,
            cell: (c) => `${number(contact.engagement[c].responded)} of ${number(contact.engagement[c].sent)}`,
          },
          {
            id: 'preference',
            header: 'Preference',
            minWidth: 110,
            cell: (c) => (contact.engagement[c].preference === null ? '–' : percent(contact.engagement[c].preference!)),
          },
        ],
        ['state'],
      )}
    />
  );
}

const signs = { opted_in: 'success', opted_out: 'stopped', suppressed: 'stopped', released: 'info' } as const;

function ConsentHistory({ contact }: { contact: ContactDetail }) {
  return (
    <Table
      variant="container"
      wrapLines
      items={contact.consent_history}
      trackBy={(entry) => Object.values(entry).join(' ')}
      header={
        <Header
          variant="h2"
          description="What this person said to each channel, as imports told it, and the opt-outs, complaints and bounces that suppressed the addresses. Nothing of it is ever changed or taken away."
        >
          Consent history
        </Header>
      }
      ariaLabels={{ tableLabel: 'Consent history' }}
      empty="Nothing is known: nobody asked this person, or it was not recorded."
      columnDefinitions={useFitting<ContactDetail['consent_history'][number]>([
        { id: 'at', header: 'When', minWidth: 150, cell: (e) => <Time at={e.at} none="not recorded" /> },
        { id: 'channel', header: 'Channel', minWidth: 110, cell: (e) => channelNames[e.channel] },
        {
          id: 'what',
          header: 'What',
          isRowHeader: true,
          minWidth: 200,
          cell: (e) => <StatusIndicator type={signs[e.event]}>{consentText(e)}</StatusIndicator>,
        },
        { id: 'source', header: 'Where it came from', minWidth: 160, cell: (e) => e.source ?? '–' },
        {
          id: 'recorded',
          header: 'Recorded',
          minWidth: 150,
          cell: (e) => <Time at={e.recorded_at} none="before entries were kept" />,
        },
      ])}
    />
  );
}

export default function Contact() {
  const { id = '' } = useParams();
  const query = useQuery(contactQuery(id));
  const { data } = query;
  useTitle(data ? contactName(data) : id);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={id}>
        {data ? contactName(data) : 'Contact'}
      </Header>
      <Answer query={query} text="Reading the contact">
        {(contact) => <Everything contact={contact} />}
      </Answer>
    </SpaceBetween>
  );
}

function Everything({ contact }: { contact: ContactDetail }) {
  const { open } = usePanel();
  const campaignName = useCampaignNames();
  const show = (delivery: Delivery) =>
    open({
      title: `Delivery of ${campaignName(delivery.campaign_id)}`,
      content: <DeliveryStory id={delivery.delivery_id} />,
    });
  const recent = useFitting(recentColumns(show, campaignName), ['campaign']);
  return (
    <SpaceBetween size="l">
      <Person contact={contact} />
      <Consent contact={contact} />
      <ConsentHistory contact={contact} />
      <Table
        variant="container"
        wrapLines
        items={contact.recent_deliveries}
        trackBy="delivery_id"
        header={<Header variant="h2">The newest deliveries</Header>}
        ariaLabels={{ tableLabel: 'The newest deliveries' }}
        empty={<Box textAlign="center">This person was sent nothing yet.</Box>}
        columnDefinitions={recent}
      />
    </SpaceBetween>
  );
}
