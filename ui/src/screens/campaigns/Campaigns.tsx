// All campaigns, newest first: filtered and sorted here, with what each may do next.

import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { campaignsQuery } from '../../api/queries';
import { CampaignActions } from '../../shared/CampaignActions';
import { number } from '../../shared/format';
import { RouteButton } from '../../shared/RouteLink';
import { Empty, Failure } from '../../shared/states';
import { useStored } from '../../shared/stored';
import { useTitle } from '../../shared/useTitle';
import { clonePath } from '../create/draft';
import { columnOptions, columns, firstVisible } from './columns';

const pageOf = 200; // the most the API lists at once

export default function Campaigns() {
  useTitle('Campaigns');
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(campaignsQuery(pageOf));
  const [preferences, setPreferences] = useStored('clarion.campaigns', { pageSize: 20, visible: firstVisible });
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const all = data?.campaigns ?? [];
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount, actions } = useCollection(all, {
    filtering: {
      empty: (
        <Empty title="No campaign yet" action={<RouteButton to="/campaigns/new">Create the first one</RouteButton>}>
          A campaign begins with a sentence about whom to reach.
        </Empty>
      ),
      noMatch: (
        <Empty
          title="No campaign matches"
          action={<Button onClick={() => actions.setFiltering('')}>Clear the filter</Button>}
        />
      ),
      filteringFunction: (campaign, text) =>
        [campaign.name, campaign.campaign_id, campaign.status].some((field) =>
          field.toLowerCase().includes(text.toLowerCase()),
        ),
    },
    pagination: { pageSize: preferences.pageSize },
    sorting: {},
  });
  const selected = all.find((campaign) => campaign.campaign_id === selectedId);

  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <Table
      {...collectionProps}
      variant="full-page"
      items={items}
      trackBy="campaign_id"
      loading={isPending}
      loadingText="Loading campaigns"
      columnDefinitions={columns}
      columnDisplay={columnOptions.map(({ id }) => ({ id, visible: preferences.visible.includes(id) }))}
      resizableColumns
      enableKeyboardNavigation
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
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {selected && <CampaignActions campaign={selected} />}
              {selected && (
                <Button onClick={() => void navigate(clonePath(selected))} disabled={!selected.audience}>
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
        <TextFilter
          {...filterProps}
          filteringPlaceholder="Find by name, id or status"
          filteringAriaLabel="Find campaigns"
          countText={`${number(filteredItemsCount ?? 0)} found`}
        />
      }
      pagination={
        <Pagination
          {...paginationProps}
          ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', pageLabel: (n) => `Page ${n}` }}
        />
      }
      preferences={
        <CollectionPreferences
          title="Preferences"
          confirmLabel="Save"
          cancelLabel="Leave as it was"
          preferences={{
            pageSize: preferences.pageSize,
            contentDisplay: columnOptions.map(({ id }) => ({ id, visible: preferences.visible.includes(id) })),
          }}
          pageSizePreference={{
            title: 'Campaigns a page',
            options: [10, 20, 50].map((value) => ({ value, label: String(value) })),
          }}
          contentDisplayPreference={{ title: 'Columns', options: columnOptions }}
          onConfirm={({ detail }) =>
            setPreferences({
              pageSize: detail.pageSize ?? 20,
              visible: detail.contentDisplay?.filter((c) => c.visible).map((c) => c.id) ?? firstVisible,
            })
          }
        />
      }
    />
  );
}
