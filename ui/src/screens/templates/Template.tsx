// One template: written on the left, shown on the right as a real contact gets it. Saving makes a new version.

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { call } from '../../api/client';
import { templatesQuery } from '../../api/queries';
import { channels, type Channel, type Template as TemplateDocument } from '../../api/types';
import { useNotices } from '../../app/notices';
import { channelNames } from '../../shared/format';
import { Answer, Empty } from '../../shared/states';
import { useTitle } from '../../shared/useTitle';
import { definitionOf, formOf } from './definition';
import { TemplateFields } from './TemplateFields';
import { TemplatePreview } from './TemplatePreview';
import { templatePath } from './Templates';
import { keyOf, Versions, versionName } from './Versions';

// What a template's address may carry: the name the editor was opened with, so that saving a new one keeps the editor and
// whatever is typed while the answer is on its way.
interface Opened {
  from?: string;
}

export default function Template() {
  const { channel = '', name = '' } = useParams();
  const opened = useLocation().state as Opened | null;
  const query = useQuery(templatesQuery);
  useTitle(name === 'new' ? 'New template' : name);
  if (!channels.includes(channel as Channel)) return <Empty title="There is no such channel" />;
  return (
    <Answer query={query} text="Reading the template" title={name}>
      {(templates) => {
        const found = templates.find((template) => template.channel === channel && template.name === name);
        if (!found && name !== 'new') return <Empty title={`There is no ${channel} template “${name}”`} />;
        return (
          <Editor key={`${channel} ${opened?.from ?? name}`} channel={channel as Channel} template={found ?? null} />
        );
      }}
    </Answer>
  );
}

const isSame = (a: TemplateDocument, b: TemplateDocument) => a.channel === b.channel && a.name === b.name;

function Editor({ channel, template }: { channel: Channel; template: TemplateDocument | null }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { succeed, fail } = useNotices();
  const [name, setName] = useState(template?.name ?? '');
  const [form, setForm] = useState(() => formOf(channel, template?.definition ?? null));
  const [shown, setShown] = useState(template);
  const show = (version: TemplateDocument) => {
    setShown(version);
    setForm(formOf(channel, version.definition));
    window.scrollTo(0, 0);
  };
  const definition = definitionOf(channel, form);
  const save = useMutation({
    mutationFn: (body: { name: string; channel: Channel; definition: unknown }) =>
      call<{ template: TemplateDocument }>('POST', '/api/save-template', { body }),
    onSuccess: ({ template: saved }) => {
      client.setQueryData(templatesQuery.queryKey, (all) => [
        ...(all ?? []).filter((one) => !isSame(one, saved)),
        saved,
      ]);
      void client.invalidateQueries({ queryKey: templatesQuery.queryKey });
      setShown(saved);
      succeed(`Saved as version ${saved.version} of ${saved.name}.`);
      if (template === null)
        void navigate(templatePath(saved), { replace: true, state: { from: 'new' } satisfies Opened });
    },
    onError: (error) => fail('The template was not saved', error),
  });
  const isGoodName = /^[A-Za-z0-9_-]{1,64}$/.test(name) && name !== 'new';
  const problem =
    typeof definition === 'string' ? definition : !isGoodName ? 'Give it a name of letters, digits, _ or -.' : null;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          template === null
            ? undefined
            : template.origin === 'saved'
              ? `Version ${template.version} is in use; saving makes version ${template.version + 1}.`
              : 'Comes with Clarion; saving makes your own version of it.'
        }
        actions={
          <Button
            variant="primary"
            loading={save.isPending}
            disabled={problem !== null}
            disabledReason={problem ?? undefined}
            onClick={() => typeof definition !== 'string' && save.mutate({ name, channel, definition })}
          >
            Save version
          </Button>
        }
      >
        {template ? `${template.name} for ${channelNames[channel]}` : `New ${channelNames[channel]} template`}
      </Header>
      {shown && template && keyOf(shown) !== keyOf(template) && (
        <Alert type="info" action={<Button onClick={() => show(template)}>Back to the one in use</Button>}>
          {versionName(shown)} is shown. Save it to take it up again.
        </Alert>
      )}
      <ColumnLayout columns={2}>
        <Container header={<Header variant="h2">Template</Header>}>
          <SpaceBetween size="m">
            {template === null && (
              <FormField
                label="Name"
                constraintText="1 to 64 letters, digits, _ or -"
                errorText={name && !isGoodName ? 'This is no name.' : undefined}
              >
                <Input value={name} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
            )}
            <TemplateFields channel={channel} form={form} onChange={(part) => setForm({ ...form, ...part })} />
            {problem && <StatusIndicator type="info">{problem}</StatusIndicator>}
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">Preview</Header>}>
          <TemplatePreview channel={channel} definition={typeof definition === 'string' ? null : definition} />
        </Container>
      </ColumnLayout>
      {template && shown && <Versions channel={channel} name={template.name} shown={shown} onShow={show} />}
    </SpaceBetween>
  );
}
