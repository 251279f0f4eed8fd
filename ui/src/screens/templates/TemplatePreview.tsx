// The template being written, as one contact would get it; asked of the server half a second after the last key.

import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { installationQuery } from '../../api/queries';
import type { Channel, Contact, Preview } from '../../api/types';
import { MessagePreview, PreviewNotes } from '../../shared/MessagePreview';
import { PersonPicker, personOf, type Person } from '../../shared/PersonPicker';
import { Answer, Empty } from '../../shared/states';
import { useSettled } from '../../shared/useSettled';

export function TemplatePreview({ channel, definition }: { channel: Channel; definition: object | null }) {
  const [chosen, setChosen] = useState<Person | null>(null);
  const [chosenSku, setSku] = useState<string | null>(null);
  const contacts = useQuery({
    queryKey: ['contacts', 'preview'],
    queryFn: () => call<{ contacts: Contact[] }>('GET', '/api/contacts', { query: { limit: 20 } }),
  });
  const installation = useQuery(installationQuery);
  const promotions = installation.data?.promotions ?? [];
  const near = (contacts.data?.contacts ?? []).map(personOf);
  const person = chosen ?? near[0] ?? null;
  const contactId = person?.id;
  // A template that speaks of a promotion is shown with one, until another is chosen.
  const wantsPromotion = JSON.stringify(definition)?.includes('promotion.') ?? false;
  const sku = chosenSku ?? (wantsPromotion ? (promotions[0]?.sku ?? '') : '');
  const text = useSettled(JSON.stringify(definition), 500);
  const preview = useQuery({
    queryKey: ['template-preview', channel, contactId, sku, text],
    queryFn: () =>
      call<Preview>('POST', '/api/templates/preview', {
        body: { channel, contact_id: contactId, definition: JSON.parse(text) as unknown, ...(sku ? { sku } : {}) },
      }),
    enabled: Boolean(contactId) && text !== 'null' && !installation.isPending,
    placeholderData: keepPreviousData,
  });
  if (!contacts.data) return <Answer query={contacts}>{() => null}</Answer>;
  if (!contactId) return <Empty title="No contact to show it to">Import contacts first.</Empty>;
  const products = [
    { value: '', label: 'No promotion' },
    ...promotions.map(({ sku: value, product }) => ({ value, label: product, description: value })),
  ];
  return (
    <SpaceBetween size="m">
      <FormField label="As it goes to">
        <PersonPicker person={person} near={near} nearLabel="Contacts" onChoose={setChosen} />
      </FormField>
      <FormField label="With the promotion of">
        <Select
          selectedOption={products.find((product) => product.value === sku) ?? null}
          options={products}
          filteringType="auto"
          onChange={({ detail }) => setSku(detail.selectedOption.value ?? '')}
        />
      </FormField>
      {definition && (
        <Answer query={preview} text="Filling the template">
          {(shown) => (
            <>
              {!shown.refusal && <MessagePreview channel={channel} text={shown.text} message={shown.message} />}
              <PreviewNotes preview={shown} />
            </>
          )}
        </Answer>
      )}
    </SpaceBetween>
  );
}
