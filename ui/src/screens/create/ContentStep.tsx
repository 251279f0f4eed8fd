// What they read: a template for each channel, shown as a real person of this audience gets it.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { templatesQuery } from '../../api/queries';
import { channels, type Channel, type Preview, type Template } from '../../api/types';
import { channelNames, number } from '../../shared/format';
import { MessagePreview, PreviewNotes } from '../../shared/MessagePreview';
import { RouteLink } from '../../shared/RouteLink';
import { Failure, Waiting } from '../../shared/states';
import type { StepProps } from './step';
import { TestSend } from './TestSend';

// The server's own choice when none is made: the promotion of the product, else news.
const defaultName = (sku: string) => (sku ? 'promotion' : 'news');

export function ContentStep(props: StepProps) {
  const { audience } = props;
  const templates = useQuery(templatesQuery);
  const first = channels.find((c) => (audience?.after_metrics.messages_by_channel[c] ?? 0) > 0) ?? 'sms';
  const [active, setActive] = useState<Channel>(first);
  if (templates.error) return <Failure error={templates.error} onRetry={() => void templates.refetch()} />;
  if (!templates.data || !audience) return <Waiting />;
  return (
    <Container>
      <Tabs
        ariaLabel="Channels"
        activeTabId={active}
        onChange={({ detail }) => setActive(detail.activeTabId as Channel)}
        tabs={channels.map((channel) => ({
          id: channel,
          label: `${channelNames[channel]} (${number(audience.after_metrics.messages_by_channel[channel])})`,
          content: <ChannelContent {...props} channel={channel} templates={templates.data} />,
        }))}
      />
    </Container>
  );
}

function ChannelContent({
  channel,
  templates,
  draft,
  change,
  audience,
}: StepProps & { channel: Channel; templates: readonly Template[] }) {
  const people = audience!.eligible_users.filter((user) => user.selected_channel === channel);
  const [personId, setPersonId] = useState<string | null>(null);
  const person = people.find((user) => user.customer_id === personId) ?? people[0] ?? audience!.eligible_users[0];
  const chosen = draft.templates[channel] ?? defaultName(draft.sku);
  const names: SelectProps.Option[] = [...templates]
    .filter((template) => template.channel === channel)
    .map((template) => ({
      value: template.name,
      label: template.name,
      description: template.origin === 'saved' ? `your version ${template.version}` : 'comes with Clarion',
    }));
  names.push({ value: '', label: 'Leave this channel out', description: 'nobody is written to on it' });
  const choose = (name: string) => {
    // With one template chosen the others are chosen too: the server takes either all or its own.
    const all = Object.fromEntries(channels.map((c) => [c, draft.templates[c] ?? defaultName(draft.sku)]));
    change({ templates: { ...all, [channel]: name } });
  };
  return (
    <ColumnLayout columns={2}>
      <SpaceBetween size="m">
        <FormField label="Template" description={<RouteLink to="/templates">See and edit templates</RouteLink>}>
          <Select
            selectedOption={names.find((name) => name.value === chosen) ?? null}
            options={names}
            onChange={({ detail }) => choose(detail.selectedOption.value!)}
            placeholder="Choose a template"
          />
        </FormField>
        <FormField label="Shown as it goes to" description="A real person of this audience">
          <Select
            selectedOption={person ? { value: person.customer_id, label: person.name ?? person.customer_id } : null}
            options={(people.length > 0 ? people : audience!.eligible_users).map((user) => ({
              value: user.customer_id,
              label: user.name ?? user.customer_id,
              description: user.phone ?? user.email,
            }))}
            filteringType="auto"
            onChange={({ detail }) => setPersonId(detail.selectedOption.value!)}
          />
        </FormField>
        {people.length === 0 && (
          <Alert type="info">Nobody of the people listed is written to by {channelNames[channel]} in this plan.</Alert>
        )}
      </SpaceBetween>
      {person && chosen !== '' && (
        <Shown channel={channel} name={chosen} contactId={person.customer_id} sku={draft.sku} />
      )}
    </ColumnLayout>
  );
}

function Shown({ channel, name, contactId, sku }: { channel: Channel; name: string; contactId: string; sku: string }) {
  const body = { channel, name, contact_id: contactId, ...(sku ? { sku } : {}) };
  const preview = useQuery({
    queryKey: ['template-preview', body],
    queryFn: () => call<Preview>('POST', '/api/templates/preview', { body }),
  });
  if (preview.error) return <Failure error={preview.error} />;
  if (!preview.data) return <Waiting />;
  return (
    <SpaceBetween size="s">
      <Box variant="awsui-key-label">Preview</Box>
      {!preview.data.refusal && (
        <MessagePreview channel={channel} text={preview.data.text} message={preview.data.message} />
      )}
      <PreviewNotes preview={preview.data} />
      {preview.data.message && <TestSend channel={channel} message={preview.data.message} />}
    </SpaceBetween>
  );
}
