// What is written of a template, channel by channel.

import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { Channel } from '../../api/types';
import type { TemplateForm } from './definition';
import { PairEditor } from './PairEditor';
import { WhatsAppFields } from './WhatsAppFields';

interface Props {
  channel: Channel;
  form: TemplateForm;
  onChange: (part: Partial<TemplateForm>) => void;
}

const variables =
  'Variables: {{first_name}}, {{city}}, {{brand}}, {{link}}, {{promotion.product}}, {{promotion.discount}} …';

export function TemplateFields({ channel, form, onChange }: Props) {
  return (
    <SpaceBetween size="m">
      {channel === 'whatsapp' ? (
        <WhatsAppFields form={form} onChange={onChange} />
      ) : (
        <Texts channel={channel} form={form} onChange={onChange} />
      )}
      <FormField stretch label="Fallbacks" constraintText={variables}>
        <PairEditor
          pairs={form.fallbacks}
          onChange={(fallbacks) => onChange({ fallbacks })}
          labels={{ key: 'When not known', value: 'write instead', keyName: 'Variable', valueName: 'Fallback' }}
          placeholders={{ key: 'first_name', value: 'there' }}
          addText="Add a fallback"
          emptyText="No fallbacks: whoever lacks a variable is left out, with that as the reason."
        />
      </FormField>
    </SpaceBetween>
  );
}

function Texts({ channel, form, onChange }: Props) {
  return (
    <SpaceBetween size="m">
      {channel === 'email' && (
        <FormField stretch label="Subject">
          <Input value={form.subject} onChange={({ detail }) => onChange({ subject: detail.value })} />
        </FormField>
      )}
      <FormField stretch label={channel === 'email' ? 'Plain text' : 'Text'}>
        <Textarea
          rows={channel === 'email' ? 8 : 5}
          value={form.text}
          onChange={({ detail }) => onChange({ text: detail.value })}
        />
      </FormField>
      {channel === 'email' && (
        <>
          <FormField
            stretch
            label={
              <>
                HTML <i>– optional</i>
              </>
            }
          >
            <Textarea
              rows={8}
              spellcheck={false}
              value={form.html}
              onChange={({ detail }) => onChange({ html: detail.value })}
            />
          </FormField>
          <FormField
            stretch
            label={
              <>
                Unsubscribe address <i>– optional</i>
              </>
            }
            constraintText="https, for one-click unsubscribe (RFC 8058)."
          >
            <Input value={form.unsubscribe} onChange={({ detail }) => onChange({ unsubscribe: detail.value })} />
          </FormField>
        </>
      )}
    </SpaceBetween>
  );
}
