// A WhatsApp template: which of those that Meta approved, and what fills each of its parameters.

import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery } from '@tanstack/react-query';
import { providerTemplatesQuery } from '../../api/queries';
import type { TemplateForm } from './definition';
import { PairEditor } from './PairEditor';
import { ProviderStatus } from './ProviderStatus';

interface Props {
  form: TemplateForm;
  onChange: (part: Partial<TemplateForm>) => void;
}

const buttonTypes = [
  { value: 'url', label: 'Link' },
  { value: 'quick_reply', label: 'Quick reply' },
];

function ApprovedName({ form, onChange }: Props) {
  const known = useQuery(providerTemplatesQuery).data?.templates ?? [];
  const options = known.map(({ template_name: name, language, status }) => ({
    value: `${name} ${language}`,
    label: name,
    labelTag: status,
    description: language,
  }));
  return (
    <SpaceBetween size="m">
      <FormField stretch label="Name of the template at Meta">
        <Autosuggest
          value={form.templateName}
          options={options}
          ariaLabel="Name of the template at Meta"
          clearAriaLabel="Clear the name"
          placeholder="promotion_template"
          enteredTextLabel={(text) => `Use “${text}”`}
          empty="No list of approved templates here; type the name."
          onChange={({ detail }) => {
            const [name, language] = detail.value.split(' ');
            onChange(language ? { templateName: name!, language } : { templateName: detail.value });
          }}
        />
      </FormField>
      <FormField label="Language" constraintText="As Meta writes it, such as en_US.">
        <Input value={form.language} onChange={({ detail }) => onChange({ language: detail.value })} />
      </FormField>
      {form.templateName && (
        <ProviderStatus definition={{ template_name: form.templateName.trim(), language: form.language.trim() }} />
      )}
    </SpaceBetween>
  );
}

export function WhatsAppFields({ form, onChange }: Props) {
  const changeButton = (index: number, part: Partial<TemplateForm['buttons'][number]>) =>
    onChange({ buttons: form.buttons.map((old, at) => (at === index ? { ...old, ...part } : old)) });
  return (
    <SpaceBetween size="l">
      <ApprovedName form={form} onChange={onChange} />
      <FormField
        stretch
        label="Approved wording of the body"
        description="As Meta approved it, with {{1}} or {{name}} where a parameter stands. For previews only: Meta sends its own."
      >
        <Textarea rows={4} value={form.text} onChange={({ detail }) => onChange({ text: detail.value })} />
      </FormField>
      <FormField stretch label="Parameters of the body">
        <PairEditor
          pairs={form.body}
          onChange={(body) => onChange({ body })}
          labels={{
            key: 'Name, if it has one',
            value: 'is filled with',
            keyName: 'Name of parameter',
            valueName: 'Value of parameter',
          }}
          placeholders={{ key: 'in their order', value: '{{first_name}}' }}
          addText="Add a parameter"
          emptyText="The body has no parameters."
        />
      </FormField>
      <FormField
        stretch
        label={
          <>
            Parameter of the header <i>– optional</i>
          </>
        }
      >
        <Input
          value={form.header}
          placeholder="{{promotion.headline}}"
          onChange={({ detail }) => onChange({ header: detail.value })}
        />
      </FormField>
      <FormField stretch label="Buttons with a parameter" description="The position of the first button is 0.">
        <AttributeEditor
          items={form.buttons}
          addButtonText="Add a button"
          removeButtonText="Remove"
          gridLayout={[
            { breakpoint: 'xxs', rows: [[2, 2, 3]], removeButton: { width: 'auto' } },
            { rows: [[1, 1], [1]], removeButton: { ownRow: true } },
          ]}
          empty="No button has a parameter."
          onAddButtonClick={() =>
            onChange({
              buttons: [...form.buttons, { type: 'url', index: String(form.buttons.length), value: '{{customer_id}}' }],
            })
          }
          onRemoveButtonClick={({ detail }) =>
            onChange({ buttons: form.buttons.filter((_, index) => index !== detail.itemIndex) })
          }
          definition={[
            {
              label: 'Kind',
              control: (item, index) => (
                <Select
                  ariaLabel={`Kind of button ${index + 1}`}
                  selectedOption={buttonTypes.find(({ value }) => value === item.type) ?? null}
                  options={buttonTypes}
                  onChange={({ detail }) => changeButton(index, { type: detail.selectedOption.value! })}
                />
              ),
            },
            {
              label: 'Position',
              control: (item, index) => (
                <Input
                  value={item.index}
                  inputMode="numeric"
                  ariaLabel={`Position of button ${index + 1}`}
                  onChange={({ detail }) => changeButton(index, { index: detail.value })}
                />
              ),
            },
            {
              label: 'is filled with',
              control: (item, index) => (
                <Input
                  value={item.value}
                  ariaLabel={`Value of button ${index + 1}`}
                  onChange={({ detail }) => changeButton(index, { value: detail.value })}
                />
              ),
            },
          ]}
        />
      </FormField>
    </SpaceBetween>
  );
}
