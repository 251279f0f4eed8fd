// Whose deliveries: by customer id, whole address or name; who may be meant is offered while it is typed.

import Autosuggest from '@cloudscape-design/components/autosuggest';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Contact } from '../../api/types';

const shown = 8;

function optionOf(contact: Contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  const where = [contact.phone, contact.email].filter(Boolean).join(', ');
  return {
    value: contact.customer_id,
    label: contact.customer_id,
    description: [name, where].filter(Boolean).join(' · '),
  };
}

export function PersonFilter({ person, onChange }: { person: string; onChange: (person: string) => void }) {
  const [text, setText] = useState(person);
  const wanted = text.trim();
  const found = useQuery({
    queryKey: ['contacts', 'suggested', wanted],
    queryFn: ({ signal }) =>
      call<{ contacts: Contact[] }>('GET', '/api/contacts', { query: { q: wanted, limit: shown }, signal }),
    enabled: wanted.length > 1 && wanted !== person,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Autosuggest
      value={text}
      ariaLabel="Person"
      placeholder="Customer id, name or address"
      clearAriaLabel="Clear"
      filteringType="manual"
      options={(wanted ? found.data?.contacts : undefined)?.map(optionOf) ?? []}
      statusType={found.isFetching ? 'loading' : found.error ? 'error' : 'finished'}
      loadingText="Looking for people"
      errorText="The server could not be asked; whom you mean can be entered whole"
      recoveryText="Try again"
      onLoadItems={({ detail }) => detail.samePage && found.error && void found.refetch()}
      enteredTextLabel={(value) => `Everybody called "${value}", or with this id or address`}
      onChange={({ detail }) => {
        setText(detail.value);
        if (detail.value === '') onChange('');
      }}
      onSelect={({ detail }) => {
        setText(detail.value);
        onChange(detail.value.trim());
      }}
      onKeyDown={({ detail }) => {
        if (detail.key === 'Enter') onChange(wanted);
      }}
    />
  );
}
