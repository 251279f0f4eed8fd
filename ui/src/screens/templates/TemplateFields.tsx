import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { Channel } from '../../api/types';
import type { TemplateForm } from './definition';

interface Props {
  channel: Channel;
  form: TemplateForm;
  onChange: (part: Partial<TemplateForm>) => void;
}

const variables =
  'Variables: {{first_name}}, {{city}}, {{brand}}, {{link}}, {{promotion.product}}, {{promotion.discount}} …';

export function TemplateFields({ channel, form, onChange }: Props) {
  if (channel === 'whatsapp') {
    return (
      <FormField
        stretch
        label="Definition"
        description="The name and language as Meta approved them, and what fills each parameter."
        constraintText={variables}
      >
        <Textarea
          rows={18}
          spellcheck={false}
          value={form.document}
          onChange={({ detail }) => onChange({ document: detail.value })}
        />
      </FormField>
    );
  }
  return (
    <SpaceBetween size="m">
      {channel === 'email' && (
        <FormField stretch label="Subject">
          <Input value={form.subject} onChange={({ detail }) => onChange({ subject: detail.value })} />
        </FormField>
      )}
      <FormField stretch label={channel === 'email' ? 'Plain text' : 'Text'} constraintText={variables}>
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
      <AttributeEditor
        items={form.fallbacks}
        addButtonText="Add a fallback"
        removeButtonText="Remove"
        empty="No fallbacks: whoever lacks a variable is left out, with that as the reason."
        onAddButtonClick={() => onChange({ fallbacks: [...form.fallbacks, { key: '', value: '' }] })}
        onRemoveButtonClick={({ detail }) =>
          onChange({ fallbacks: form.fallbacks.filter((_, index) => index !== detail.itemIndex) })
        }
        definition={[
          {
            label: 'When this is not known',
            control: (item, index) => (
              <Input
                value={item.key}
                ariaLabel="Variable"
                placeholder="first_name"
                onChange={({ detail }) =>
                  onChange({
                    fallbacks: form.fallbacks.map((old, at) => (at === index ? { ...old, key: detail.value } : old)),
                  })
                }
              />
            ),
          },
          {
            label: 'write this',
            control: (item, index) => (
              <Input
                value={item.value}
                ariaLabel="Fallback"
                placeholder="there"
                onChange={({ detail }) =>
                  onChange({
                    fallbacks: form.fallbacks.map((old, at) => (at === index ? { ...old, value: detail.value } : old)),
                  })
                }
              />
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}
