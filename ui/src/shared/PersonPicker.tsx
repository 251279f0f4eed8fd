// Whose message is shown: somebody of those at hand, or anybody found by name, address, city or id.

import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import type { Contact } from '../api/types';
import { contactName } from './contactNames';
import { useSettled } from './useSettled';

export interface Person {
  id: string;
  name: string;
  note?: string;
}

interface Props {
  person: Person | null;
  near: readonly Person[]; // offered before anything is typed
  nearLabel: string;
  onChoose: (person: Person) => void;
}

const optionOf = ({ id, name, note }: Person): SelectProps.Option => ({ value: id, label: name, description: note });
export const personOf = (contact: Contact): Person => ({
  id: contact.customer_id,
  name: contactName(contact),
  note: [contact.customer_id, contact.city].filter(Boolean).join(', '),
});

export function PersonPicker({ person, near, nearLabel, onChoose }: Props) {
  const [text, setText] = useState('');
  const words = useSettled(text.trim(), 250);
  const found = useQuery({
    queryKey: ['contacts', 'picker', words],
    queryFn: ({ signal }) =>
      call<{ contacts: Contact[] }>('GET', '/api/contacts', { query: { q: words, limit: 20 }, signal }),
    placeholderData: keepPreviousData,
    enabled: words !== '',
  });
  const people = words === '' ? near : (found.data?.contacts.map(personOf) ?? []);
  return (
    <Select
      selectedOption={person && optionOf(person)}
      options={
        people.length > 0 ? [{ label: words === '' ? nearLabel : 'Contacts', options: people.map(optionOf) }] : []
      }
      placeholder="Choose a person"
      filteringType="manual"
      filteringPlaceholder="Name, address, city or id"
      filteringAriaLabel="Find a person"
      statusType={found.isFetching ? 'loading' : found.error ? 'error' : 'finished'}
      loadingText="Looking"
      errorText="The server could not be asked"
      recoveryText="Try again"
      empty={words === '' ? 'Type to find somebody' : 'Nobody found'}
      onLoadItems={({ detail }) => {
        setText(detail.filteringText);
        if (detail.samePage && found.error) void found.refetch();
      }}
      onChange={({ detail }) => {
        const chosen = people.find((one) => one.id === detail.selectedOption.value);
        if (chosen) onChoose(chosen);
      }}
    />
  );
}
