// The template being written, as one contact would get it; asked of the server half a second after the last key.

import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../api/client';
import { installationQuery } from '../../api/queries';
import type { Channel, Contact, Preview } from '../../api/types';
import { MessagePreview, PreviewNotes } from '../../shared/MessagePreview';
import { Empty, Failure, Waiting } from '../../shared/states';
import { contactName } from '../contacts/names';

function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export function TemplatePreview({ channel, definition }: { channel: Channel; definition: object | null }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [chosenSku, setSku] = useState<string | null>(null);
  const contacts = useQuery({
    queryKey: ['contacts', 'preview'],
    queryFn: () => call<{ contacts: Contact[] }>('GET', '/api/contacts', { query: { limit: 50 } }),
  });
  const installation = useQuery(installationQuery);
  const promotions = installation.data?.promotions ?? [];
  const contactId = chosen ?? contacts.data?.contacts[0]?.customer_id;
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
  if (contacts.error) return <Failure error={contacts.error} />;
  if (!contacts.data) return <Waiting />;
  if (!contactId) return <Empty title="No contact to show it to">Import contacts first.</Empty>;
  const people = contacts.data.contacts.map((contact) => ({
    value: contact.customer_id,
    label: contactName(contact),
    description: contact.customer_id,
  }));
  const products = [
    { value: '', label: 'No promotion' },
    ...promotions.map(({ sku: value, product }) => ({ value, label: product, description: value })),
  ];
  return (
    <SpaceBetween size="m">
      <FormField label="As it goes to">
        <Select
          selectedOption={people.find((person) => person.value === contactId) ?? null}
          options={people}
          filteringType="auto"
          onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
        />
      </FormField>
      <FormField label="With the promotion of">
        <Select
          selectedOption={products.find((product) => product.value === sku) ?? null}
          options={products}
          filteringType="auto"
          onChange={({ detail }) => setSku(detail.selectedOption.value ?? '')}
        />
      </FormField>
      {preview.error ? (
        <Failure error={preview.error} />
      ) : (
        preview.data && (
          <>
            {!preview.data.refusal && (
              <MessagePreview channel={channel} text={preview.data.text} message={preview.data.message} />
            )}
            <PreviewNotes preview={preview.data} />
          </>
        )
      )}
    </SpaceBetween>
  );
}
