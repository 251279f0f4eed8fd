// One row per recipient, paged by the server; the filters are the server's too.

import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { call, download } from '../../api/client';
import { analyticsQuery } from '../../api/queries';
import { channels, type Campaign, type Delivery } from '../../api/types';
import { useNotices } from '../../app/notices';
import { usePanel } from '../../app/panel';
import { CursorPages, useCursor } from '../../shared/CursorPages';
import { channelNames, hasEnded } from '../../shared/format';
import { deliveryStates, deliveryStateText } from '../../shared/Status';
import { Empty, tableStates } from '../../shared/states';
import { useInSlices } from '../../shared/useInSlices';
import { useIsNarrow } from '../../shared/useIsNarrow';
import { DeliveryStory } from './DeliveryStory';
import { ledgerColumns } from './columns';
import { RetryFailed, SendByAnotherChannel } from './FollowUp';
import { PersonFilter } from './PersonFilter';
import { anyReason, reasonOptions } from './reasons';
import { draftForFailed } from './sendAgain';
import { useCampaignNames } from './useCampaignNames';

interface Page {
  deliveries: Delivery[];
  next: string | null;
}

type Filter = Record<string, string | undefined>;

const pageQuery = (filter: Filter, after: string | undefined) => {
  const query = { ...filter, after, limit: 50 };
  return queryOptions({
    queryKey: ['deliveries', query],
    queryFn: ({ signal }) => call<Page>('GET', '/api/deliveries', { query, signal }),
  });
};

// The page after the one that is read is fetched meanwhile, so that turning to it draws once.
function useNextPage(filter: Filter, next: string | null | undefined): void {
  const client = useQueryClient();
  const text = JSON.stringify(filter);
  useEffect(() => {
    if (next) void client.prefetchQuery(pageQuery(JSON.parse(text) as Filter, next));
  }, [client, text, next]);
}

// Rows are known by their place: a page that is turned changes what stands in them, which is quicker than other rows.
function usePlaces(deliveries: readonly Delivery[] | undefined): (delivery: Delivery) => string {
  return useMemo(() => {
    const places = new Map(deliveries?.map((delivery, place) => [delivery.delivery_id, String(place)]));
    return ({ delivery_id }) => places.get(delivery_id) ?? delivery_id;
  }, [deliveries]);
}

const anyState = { value: '', label: 'Any state' };
const anyChannel = { value: '', label: 'Any channel' };
const stateOptions = [anyState, ...deliveryStates.map((state) => ({ value: state, label: deliveryStateText(state) }))];
const channelOptions = [anyChannel, ...channels.map((channel) => ({ value: channel, label: channelNames[channel] }))];

export default function Ledger({ campaign }: { campaign?: Campaign }) {
  const [search, setSearch] = useSearchParams();
  const { open } = usePanel();
  const { fail, warn } = useNotices();
  const navigate = useNavigate();
  const [isCollecting, setCollecting] = useState(false);
  const isNarrow = useIsNarrow();
  const cursor = useCursor<string>();
  const [cleared, setCleared] = useState(0); // raised to empty the field of the person
  const filter = {
    campaign_id: campaign?.campaign_id,
    state: search.get('state') ?? undefined,
    channel: search.get('channel') ?? undefined,
    person: search.get('contact') ?? undefined,
    reason: search.get('reason') ?? undefined,
  };
  const set = (name: string, value: string) => {
    cursor.reset();
    setSearch(
      (old) => {
        if (value) old.set(name, value);
        else old.delete(name);
        return old;
      },
      { replace: true },
    );
  };
  const campaignName = useCampaignNames(campaign === undefined);
  const page = useQuery({
    ...pageQuery(filter, cursor.after),
    placeholderData: keepPreviousData,
    refetchInterval: campaign && !hasEnded(campaign) ? 3_000 : false,
  });
  useNextPage(filter, page.isPlaceholderData ? undefined : page.data?.next);
  const shown = useInSlices(page.data);
  const placeOf = usePlaces(shown?.deliveries);
  const show = (delivery: Delivery) =>
    open({
      title: `Delivery to ${delivery.contact_name ?? (delivery.contact_id || 'an unknown contact')}`,
      content: <DeliveryStory id={delivery.delivery_id} />,
    });
  const save = (format: 'csv' | 'ndjson') =>
    download(
      '/api/deliveries',
      { ...filter, format },
      `deliveries${campaign ? `-${campaign.campaign_id}` : ''}.${format}`,
    ).catch((error: unknown) => fail('The export was not made', error));
  const sendAgain = async () => {
    if (!campaign) return;
    setCollecting(true);
    try {
      const { people, isCut } = await draftForFailed(campaign, filter);
      if (isCut) warn('Only the first 10,000 people are taken; make another campaign for the others afterwards.');
      if (people > 0) void navigate('/campaigns/new');
      else warn('Nobody among these rows failed.');
    } catch (error) {
      fail('The people could not be collected', error);
    } finally {
      setCollecting(false);
    }
  };
  const analytics = useQuery({ ...analyticsQuery(campaign?.campaign_id ?? ''), enabled: campaign !== undefined });
  const reasons = reasonOptions(analytics.data?.by_reason, filter.reason);
  const isFiltered = Boolean(filter.state || filter.channel || filter.person || filter.reason);
  const empty = (
    <Empty
      title={isFiltered ? 'No delivery matches' : 'No delivery yet'}
      action={
        isFiltered && (
          <Button
            onClick={() => {
              setCleared(cleared + 1);
              cursor.reset();
              setSearch({}, { replace: true });
            }}
          >
            Clear the filters
          </Button>
        )
      }
    />
  );

  return (
    <Table
      variant={campaign ? 'container' : 'full-page'}
      items={shown?.deliveries ?? []}
      trackBy={placeOf}
      {...tableStates({ ...page, data: shown }, 'Reading the ledger', empty)}
      resizableColumns={!isNarrow}
      wrapLines={isNarrow}
      enableKeyboardNavigation
      columnDefinitions={ledgerColumns(show, campaign ? null : campaignName, isNarrow)}
      ariaLabels={{ tableLabel: 'Deliveries' }}
      header={
        <Header
          variant={campaign ? 'h2' : 'awsui-h1-sticky'}
          description="One row per recipient; each ends in exactly one state, with a reason."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {campaign && campaign.failed > 0 && hasEnded(campaign) && (
                <>
                  <RetryFailed campaign={campaign} />
                  <SendByAnotherChannel campaign={campaign} />
                  <Button loading={isCollecting} onClick={() => void sendAgain()}>
                    New campaign to the failed
                  </Button>
                </>
              )}
              <ButtonDropdown
                items={[
                  { id: 'csv', text: 'CSV, for spreadsheets' },
                  { id: 'ndjson', text: 'JSON, one a line' },
                ]}
                onItemClick={({ detail }) => void save(detail.id as 'csv' | 'ndjson')}
              >
                Export
              </ButtonDropdown>
            </SpaceBetween>
          }
        >
          {campaign ? 'Recipients' : 'Deliveries'}
        </Header>
      }
      filter={
        <div className="filters">
          <PersonFilter key={cleared} person={filter.person ?? ''} onChange={(person) => set('contact', person)} />
          <Select
            ariaLabel="State"
            selectedOption={stateOptions.find((option) => option.value === (filter.state ?? '')) ?? anyState}
            options={stateOptions}
            onChange={({ detail }) => set('state', detail.selectedOption.value ?? '')}
          />
          <Select
            ariaLabel="Channel"
            selectedOption={channelOptions.find((option) => option.value === (filter.channel ?? '')) ?? anyChannel}
            options={channelOptions}
            onChange={({ detail }) => set('channel', detail.selectedOption.value ?? '')}
          />
          <Select
            ariaLabel="Reason"
            selectedOption={reasons.find((option) => option.value === (filter.reason ?? '')) ?? anyReason}
            options={reasons}
            filteringType="auto"
            filteringAriaLabel="Find a reason"
            onChange={({ detail }) => set('reason', detail.selectedOption.value ?? '')}
          />
        </div>
      }
      pagination={<CursorPages cursor={cursor} next={page.data?.next} what="deliveries" />}
    />
  );
}
