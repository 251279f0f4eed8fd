// One channel's content: its template, the values of its variables, and the message as the chosen person reads it.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { providerTemplatesQuery } from '../../api/queries';
import { channels, type Channel, type Preview, type QueryResults, type Template } from '../../api/types';
import { channelNames } from '../../shared/format';
import { MessagePreview, PreviewNotes } from '../../shared/MessagePreview';
import { PersonPicker, type Person } from '../../shared/PersonPicker';
import { RouteLink } from '../../shared/RouteLink';
import { Answer, type Asked } from '../../shared/states';
import { useSettled } from '../../shared/useSettled';
import { textOf } from '../templates/definition';
import { ProviderStatus } from '../templates/ProviderStatus';
import { providerWord } from '../templates/provider';
import { ChannelCost } from './ChannelCost';
import { defaultName } from './draft';
import type { StepProps } from './step';
import { TestSend } from './TestSend';
import { variablesOf } from './useAudience';
import { Variables } from './Variables';

interface Props extends StepProps {
  channel: Channel;
  templates: readonly Template[];
  audience: QueryResults;
}

function useTemplateOptions(channel: Channel, templates: readonly Template[]): SelectProps.Option[] {
  const provider = useQuery({ ...providerTemplatesQuery, enabled: channel === 'whatsapp' });
  const options: SelectProps.Option[] = templates
    .filter((template) => template.channel === channel)
    .map((template) => ({
      value: template.name,
      label: template.name,
      labelTag: channel === 'whatsapp' ? providerWord(provider.data, template.definition) : undefined,
      description: textOf(template),
      tags: [template.origin === 'saved' ? `your version ${template.version}` : 'comes with Clarion'],
    }));
  return [
    ...options,
    { value: '', label: 'Leave this channel out', description: `Nobody is written to by ${channelNames[channel]}.` },
  ];
}

export function ChannelContent({ channel, templates, draft, change, audience }: Props) {
  const near: Person[] = audience.eligible_users
    .filter((user) => user.selected_channel === channel)
    .map((user) => ({ id: user.customer_id, name: user.name ?? user.customer_id, note: user.phone ?? user.email }));
  const others: Person[] = audience.eligible_users.map((user) => ({
    id: user.customer_id,
    name: user.name ?? user.customer_id,
  }));
  const [picked, setPicked] = useState<Person | null>(null);
  const person = picked ?? near[0] ?? others[0] ?? null;
  const chosen = draft.templates[channel] ?? defaultName(draft.sku);
  const template = templates.find((one) => one.channel === channel && one.name === chosen);
  const options = useTemplateOptions(channel, templates);
  const choose = (name: string) => {
    // With one template chosen the others are chosen too: the server takes either all or its own.
    const all = Object.fromEntries(channels.map((c) => [c, draft.templates[c] ?? defaultName(draft.sku)]));
    change({ templates: { ...all, [channel]: name } });
  };
  const picker = (
    <FormField
      label="Template"
      description={
        template && <RouteLink to={`/templates/${channel}/${encodeURIComponent(chosen)}`}>Edit this template</RouteLink>
      }
    >
      <Select
        selectedOption={options.find((option) => option.value === chosen) ?? null}
        options={options}
        onChange={({ detail }) => choose(detail.selectedOption.value!)}
        placeholder="Choose a template"
      />
    </FormField>
  );
  const body = useSettled(
    JSON.stringify({
      channel,
      name: chosen,
      contact_id: person?.id,
      ...(draft.sku ? { sku: draft.sku } : {}),
      ...variablesOf(draft),
    }),
    250,
  );
  const preview = useQuery({
    queryKey: ['template-preview', body],
    queryFn: ({ signal }) => call<Preview>('POST', '/api/templates/preview', { body: JSON.parse(body), signal }),
    enabled: person !== null && chosen !== '',
    placeholderData: keepPreviousData,
  });
  if (chosen === '') {
    return (
      <SpaceBetween size="m">
        {picker}
        <Box color="text-body-secondary">
          Nobody is written to by {channelNames[channel]}; whoever allows another channel gets the message there.
        </Box>
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween size="l">
      <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
        <SpaceBetween size="m">
          {picker}
          {channel === 'whatsapp' && template && <ProviderStatus definition={template.definition} />}
          <FormField label="Shown as it goes to">
            <PersonPicker
              person={person}
              near={near.length > 0 ? near : others}
              nearLabel="Of this audience"
              onChoose={setPicked}
            />
          </FormField>
          {near.length === 0 && (
            <Alert type="info">
              Nobody of the people listed is written to by {channelNames[channel]} in this plan.
            </Alert>
          )}
          <ChannelCost channel={channel} audience={audience} preview={preview.data} />
        </SpaceBetween>
        <Shown channel={channel} query={preview} />
      </Grid>
      {preview.data && (
        <Variables
          values={preview.data.variables}
          own={draft.variables}
          onChange={(variables) => change({ variables })}
        />
      )}
    </SpaceBetween>
  );
}

function Shown({ channel, query }: { channel: Channel; query: Asked<Preview> }) {
  return (
    <Answer query={query} text="Filling the template">
      {(preview) => (
        <SpaceBetween size="m">
          {!preview.refusal && <MessagePreview channel={channel} text={preview.text} message={preview.message} />}
          <PreviewNotes preview={preview} />
          {preview.message && <TestSend channel={channel} message={preview.message} />}
        </SpaceBetween>
      )}
    </Answer>
  );
}
