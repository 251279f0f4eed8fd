// Addresses that are never written to, whoever asks.

import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { channels, type Suppression } from '../../api/types';
import { useNotices } from '../../app/notices';
import { usePanel } from '../../app/panel';
import { Confirm } from '../../shared/Confirm';
import { CursorPages, useCursor } from '../../shared/CursorPages';
import { useFitting } from '../../shared/fitting';
import { channelNames, number, words as wordsOf } from '../../shared/format';
import { Empty, tableStates } from '../../shared/states';
import { Time } from '../../shared/Time';
import { useSettled } from '../../shared/useSettled';
import { useTitle } from '../../shared/useTitle';
import { DeliveryStory } from '../ledger/DeliveryStory';
import { AddSuppression } from './AddSuppression';

interface Page {
  suppressions: Suppression[];
  total: number;
  next: number | null;
}

const anyChannel = { value: '', label: 'Any channel' };
const channelOptions = [anyChannel, ...channels.map((channel) => ({ value: channel, label: channelNames[channel] }))];

// What suppressed an address: a delivery can be looked at, everything else has a name.
function Source({ source }: { source: string }) {
  const { open } = usePanel();
  if (!/^d-[0-9a-z]+$/.test(source)) return <>{source}</>;
  return (
    <Button
      variant="inline-link"
      onClick={() => open({ title: `Delivery ${source}`, content: <DeliveryStory id={source} /> })}
    >
      {source}
    </Button>
  );
}

export default function Suppressions() {
  useTitle('Suppressions');
  const client = useQueryClient();
  const { succeed, fail } = useNotices();
  const cursor = useCursor<number>();
  const [search, setSearch] = useState('');
  const [channel, setChannel] = useState('');
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Suppression | null>(null);
  const words = useSettled(search.trim(), 200);
  const query = { q: words, channel, after: cursor.after, limit: 50 };
  const page = useQuery({
    queryKey: ['suppressions', query],
    queryFn: ({ signal }) => call<Page>('GET', '/api/suppressions', { query, signal }),
    placeholderData: keepPreviousData,
  });
  const remove = useMutation({
    mutationFn: (row: Suppression) =>
      call<void>('DELETE', `/api/suppressions/${row.channel}/${encodeURIComponent(row.address)}`),
    onSuccess: (_, row) => {
      void client.invalidateQueries({ queryKey: ['suppressions'] });
      succeed(`${row.address} may be written to by ${channelNames[row.channel]} again.`);
    },
    onError: (error) => fail('The address is still suppressed', error),
  });
  const columns = useFitting<Suppression>([
    { id: 'address', header: 'Address', isRowHeader: true, cell: (s) => s.address },
    { id: 'channel', header: 'Channel', cell: (s) => channelNames[s.channel] },
    { id: 'reason', header: 'Reason', cell: (s) => wordsOf(s.reason) },
    { id: 'source', header: 'Source', cell: (s) => <Source source={s.source} /> },
    { id: 'at', header: 'Since', cell: (s) => <Time at={s.at} /> },
    {
      id: 'actions',
      header: 'Actions',
      cell: (s) => (
        <Button variant="inline-link" ariaLabel={`Allow again: ${s.address}`} onClick={() => setRemoved(s)}>
          Allow again
        </Button>
      ),
    },
  ]);
  return (
    <>
      <Table
        variant="full-page"
        items={page.data?.suppressions ?? []}
        trackBy={(row) => `${row.channel} ${row.address}`}
        {...tableStates(
          page,
          'Loading suppressions',
          words || channel ? (
            <Empty title="No suppressed address matches" />
          ) : (
            <Empty title="No address is suppressed">
              Opt-outs, complaints and hard bounces appear here by themselves.
            </Empty>
          ),
        )}
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: 'Suppressions' }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={page.data ? `(${number(page.data.total)})` : undefined}
            description="Never written to on this channel, in every campaign and every list."
            actions={<Button onClick={() => setAdding(true)}>Suppress addresses</Button>}
          >
            Suppressions
          </Header>
        }
        filter={
          <div className="filters">
            <Input
              type="search"
              value={search}
              placeholder="Part of an address"
              ariaLabel="Part of an address"
              clearAriaLabel="Clear"
              onChange={({ detail }) => {
                cursor.reset();
                setSearch(detail.value);
              }}
            />
            <Select
              ariaLabel="Channel"
              selectedOption={channelOptions.find((option) => option.value === channel) ?? anyChannel}
              options={channelOptions}
              onChange={({ detail }) => {
                cursor.reset();
                setChannel(detail.selectedOption.value ?? '');
              }}
            />
          </div>
        }
        pagination={<CursorPages cursor={cursor} next={page.data?.next} what="suppressions" />}
        wrapLines
        columnDefinitions={columns}
      />
      <AddSuppression isOpen={isAdding} onClose={() => setAdding(false)} />
      <Confirm
        isOpen={removed !== null}
        question="Allow this address again?"
        keep="Keep it suppressed"
        act="Allow again"
        onClose={() => setRemoved(null)}
        onAct={() => removed && remove.mutate(removed)}
      >
        {removed &&
          `${removed.address} is suppressed on ${channelNames[removed.channel]} because of “${wordsOf(removed.reason)}”. Make sure that this person wants to hear from you again.`}
      </Confirm>
    </>
  );
}
