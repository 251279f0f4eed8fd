// All campaigns, newest first: filtered and sorted here, with what each may do next.

import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { campaignsQuery } from '../../api/queries';
import { audienceText, whyNoClone } from '../../shared/audience';
import { CampaignActions } from '../../shared/CampaignActions';
import { number } from '../../shared/format';
import { pageLabels } from '../../shared/pageLabels';
import { RouteButton } from '../../shared/RouteLink';
import { campaignStatusText, campaignStatuses } from '../../shared/Status';
import { Empty, tableStates } from '../../shared/states';
import { useStored } from '../../shared/stored';
import { useTitle } from '../../shared/useTitle';
import { clonePath } from '../create/draft';
import { useInSlices } from '../../shared/useInSlices';
import { useIsNarrow } from '../../shared/useIsNarrow';
import { columnOptions, columns, firstVisible, narrowColumns } from './columns';

const pageOf = 200; // the most the API lists at once
const anyStatus = { value: '', label: 'Any status' };
const statusOptions = [
  anyStatus,
  ...campaignStatuses.map((status) => ({ value: status, label: campaignStatusText(status) })),
];

interface Preferences {
  pageSize: number;
  visible: string[];
  sortBy: string;
  isDescending: boolean;
  wraps: boolean;
}
const firstPreferences: Preferences = {
  pageSize: 20,
  visible: firstVisible,
  sortBy: '',
  isDescending: false,
  wraps: true,
};

export default function Campaigns() {
  useTitle('Campaigns');
  const navigate = useNavigate();
  const query = useQuery(campaignsQuery(pageOf));
  const data = useInSlices(query.data);
  const isNarrow = useIsNarrow();
  const [preferences, setPreferences] = useStored('clarion.campaigns', firstPreferences);
  const [search, setSearch] = useSearchParams();
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const status = search.get('status') ?? '';
  const setStatus = (value: string) => setSearch(value ? { status: value } : {}, { replace: true });
  const all = data?.campaigns ?? [];
  const wanted = status ? all.filter((campaign) => campaign.status === status) : all;
  const sortingColumn = columns.find((column) => column.id === preferences.sortBy);
  const clear = () => {
    actions.setFiltering('');
    setStatus('');
  };
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount, actions } = useCollection(wanted, {
    filtering: {
      empty: status ? (
        <Empty title="No campaign matches" action={<Button onClick={() => clear()}>Clear the filter</Button>} />
      ) : (
        <Empty title="No campaign yet" action={<RouteButton to="/campaigns/new">Create the first one</RouteButton>}>
          A campaign begins with a sentence about whom to reach.
        </Empty>
      ),
      noMatch: <Empty title="No campaign matches" action={<Button onClick={() => clear()}>Clear the filter</Button>} />,
      filteringFunction: (campaign, text) =>
        [campaign.name, campaign.campaign_id, campaign.status, audienceText(campaign)].some((field) =>
          field.toLowerCase().includes(text.toLowerCase()),
        ),
    },
    pagination: { pageSize: preferences.pageSize },
    sorting: {
      defaultState: sortingColumn && { sortingColumn, isDescending: preferences.isDescending },
    },
  });
  const selected = wanted.find((campaign) => campaign.campaign_id === selectedId);

  return (
    <Table
      {...collectionProps}
      {...tableStates({ ...query, data }, 'Loading campaigns', collectionProps.empty)}
      variant="full-page"
      items={items}
      trackBy="campaign_id"
      columnDefinitions={isNarrow ? narrowColumns : columns}
      columnDisplay={
        isNarrow ? undefined : columnOptions.map(({ id }) => ({ id, visible: preferences.visible.includes(id) }))
      }
      resizableColumns={!isNarrow}
      wrapLines={isNarrow || preferences.wraps}
      enableKeyboardNavigation
      onSortingChange={(event) => {
        collectionProps.onSortingChange?.(event);
        const { sortingColumn: by, isDescending = false } = event.detail;
        const column = columns.find((one) => one.id === (by as { id?: string }).id);
        setPreferences({ ...preferences, sortBy: column?.id ?? '', isDescending });
      }}
      selectionType="single"
      selectedItems={selected ? [selected] : []}
      onSelectionChange={({ detail }) => setSelectedId(detail.selectedItems[0]?.campaign_id ?? null)}
      ariaLabels={{
        tableLabel: 'Campaigns',
        selectionGroupLabel: 'Choose a campaign',
        itemSelectionLabel: (_, campaign) => `Choose ${campaign.name || campaign.campaign_id}`,
      }}
      header={
        <Header
          variant="awsui-h1-sticky"
          counter={data ? `(${number(all.length)}${data.next === null ? '' : '+'})` : undefined}
          description={
            data && data.next !== null
              ? `The newest ${number(pageOf)}; older ones are found by their address.`
              : undefined
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {selected && <CampaignActions campaign={selected} />}
              {selected && (
                <Button
                  onClick={() => void navigate(clonePath(selected))}
                  disabled={whyNoClone(selected) !== null}
                  disabledReason={whyNoClone(selected) ?? undefined}
                >
                  Clone
                </Button>
              )}
              <RouteButton to="/campaigns/new" variant="primary">
                Create campaign
              </RouteButton>
            </SpaceBetween>
          }
        >
          Campaigns
        </Header>
      }
      filter={
        <div className="filters">
          <TextFilter
            {...filterProps}
            filteringPlaceholder="Find by name, audience or status"
            filteringAriaLabel="Find campaigns"
            countText={`${number(filteredItemsCount ?? 0)} found`}
          />
          <Select
            ariaLabel="Status"
            selectedOption={statusOptions.find((option) => option.value === status) ?? anyStatus}
            options={statusOptions}
            onChange={({ detail }) => setStatus(detail.selectedOption.value ?? '')}
          />
        </div>
      }
      pagination={<Pagination {...paginationProps} ariaLabels={pageLabels} />}
      preferences={
        <CollectionPreferences
          title="Preferences"
          confirmLabel="Save"
          cancelLabel="Leave as it was"
          preferences={{
            pageSize: preferences.pageSize,
            wrapLines: preferences.wraps,
            contentDisplay: columnOptions.map(({ id }) => ({ id, visible: preferences.visible.includes(id) })),
          }}
          pageSizePreference={{
            title: 'Campaigns a page',
            options: [10, 20, 50].map((value) => ({ value, label: String(value) })),
          }}
          wrapLinesPreference={{ label: 'Wrap lines', description: 'Show the whole text of every cell' }}
          contentDisplayPreference={{ title: 'Columns', options: columnOptions }}
          onConfirm={({ detail }) =>
            setPreferences({
              ...preferences,
              pageSize: detail.pageSize ?? 20,
              wraps: detail.wrapLines ?? true,
              visible: detail.contentDisplay?.filter((c) => c.visible).map((c) => c.id) ?? firstVisible,
            })
          }
        />
      }
    />
  );
}
