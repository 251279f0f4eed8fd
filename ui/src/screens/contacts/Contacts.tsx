// Everybody there is to write to, searched and paged by the server.

import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../api/client';
import { channels, type Contact } from '../../api/types';
import { CursorPages, useCursor } from '../../shared/CursorPages';
import { useFitting } from '../../shared/fitting';
import { channelNames, countryName, number } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Empty, tableStates } from '../../shared/states';
import { useInSlices } from '../../shared/useInSlices';
import { useIsNarrow } from '../../shared/useIsNarrow';
import { useSettled } from '../../shared/useSettled';
import { useTitle } from '../../shared/useTitle';
import { ImportContacts } from './ImportContacts';
import { ConsentState } from './ConsentState';
import { contactName, contactPath } from '../../shared/contactNames';

interface Page {
  contacts: Contact[];
  total: number;
  next: number | null;
}

const columns: TableProps.ColumnDefinition<Contact>[] = [
  {
    id: 'name',
    header: 'Name',
    isRowHeader: true,
    width: 165,
    cell: (c) => <RouteLink to={contactPath(c.customer_id)}>{contactName(c)}</RouteLink>,
  },
  { id: 'city', header: 'City', width: 120, cell: (c) => c.city ?? '–' },
  { id: 'country', header: 'Country', width: 138, cell: (c) => (c.country ? countryName(c.country) : '–') },
  ...channels.map((channel) => ({
    id: channel,
    header: channelNames[channel],
    width: 138,
    cell: (c: Contact) => <ConsentState state={c.consent[channel].state} />,
  })),
  { id: 'id', header: 'Id', width: 130, cell: (c) => c.customer_id },
  { id: 'tags', header: 'Tags', width: 175, cell: (c) => c.tags.join(', ') || '–' },
];

const seenInContact = ['country', 'id', 'tags']; // on a phone only there

export default function Contacts() {
  useTitle('Contacts');
  const cursor = useCursor<number>();
  const [text, setText] = useState('');
  const words = useSettled(text.trim(), 200);
  const isNarrow = useIsNarrow();
  const fitted = useFitting(isNarrow ? columns.filter(({ id }) => !seenInContact.includes(id!)) : columns);
  const [isImporting, setImporting] = useState(false);
  // A file that is dragged over this screen is meant for the import.
  useEffect(() => {
    const open = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) setImporting(true);
    };
    document.addEventListener('dragenter', open);
    return () => document.removeEventListener('dragenter', open);
  }, []);
  const query = { q: words, after: cursor.after, limit: 50 };
  const page = useQuery({
    queryKey: ['contacts', query],
    queryFn: ({ signal }) => call<Page>('GET', '/api/contacts', { query, signal }),
    placeholderData: keepPreviousData,
  });
  const shown = useInSlices(page.data);
  return (
    <>
      <Table
        variant="full-page"
        items={shown?.contacts ?? []}
        trackBy="customer_id"
        {...tableStates(
          { ...page, data: shown },
          'Loading contacts',
          <Empty title={text ? 'Nobody matches' : 'No contact yet'}>
            {text ? 'Search for part of a name, address or city, or a whole id.' : 'Import a file to begin.'}
          </Empty>,
        )}
        resizableColumns={!isNarrow}
        wrapLines={isNarrow}
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: 'Contacts' }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={page.data ? `(${number(page.data.total)})` : undefined}
            description="Everybody who can be written to, with what they agreed to. Drop a file here to import it."
            actions={<Button onClick={() => setImporting(true)}>Import contacts</Button>}
          >
            Contacts
          </Header>
        }
        filter={
          <Input
            type="search"
            value={text}
            placeholder="Name, address, city or id"
            ariaLabel="Find contacts"
            clearAriaLabel="Clear"
            onChange={({ detail }) => {
              cursor.reset();
              setText(detail.value);
            }}
          />
        }
        pagination={<CursorPages cursor={cursor} next={page.data?.next} what="contacts" />}
        columnDefinitions={fitted}
      />
      <ImportContacts isOpen={isImporting} onClose={() => setImporting(false)} />
    </>
  );
}
