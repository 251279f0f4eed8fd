// All templates: those that come with Clarion, and the operator's own, which win over them by name.

import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { providerTemplatesQuery, templatesQuery } from '../../api/queries';
import { channels, type Template } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, number, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Empty, tableStates } from '../../shared/states';
import { Time } from '../../shared/Time';
import { useTitle } from '../../shared/useTitle';
import { textOf } from './definition';
import { providerWord } from './provider';

export const templatePath = (template: Pick<Template, 'channel' | 'name'>) =>
  `/templates/${template.channel}/${encodeURIComponent(template.name)}`;

export default function Templates() {
  useTitle('Templates');
  const navigate = useNavigate();
  const query = useQuery(templatesQuery);
  const { data } = query;
  const provider = useQuery(providerTemplatesQuery);
  const { items, collectionProps, filterProps, filteredItemsCount } = useCollection(data ?? [], {
    filtering: {
      empty: <Empty title="No template" />,
      noMatch: <Empty title="No template matches" />,
      filteringFunction: (template, text) =>
        `${template.name} ${template.channel} ${textOf(template)}`.toLowerCase().includes(text.toLowerCase()),
    },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      {...tableStates(query, 'Loading templates', collectionProps.empty)}
      variant="full-page"
      items={items}
      trackBy={(template) => `${template.channel} ${template.name}`}
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: 'Templates' }}
      header={
        <Header
          variant="awsui-h1-sticky"
          counter={data ? `(${number(data.length)})` : undefined}
          description="A running campaign keeps the version it began with."
          actions={
            <ButtonDropdown
              variant="primary"
              items={channels.map((id) => ({ id, text: channelNames[id] }))}
              onItemClick={({ detail }) => void navigate(`/templates/${detail.id}/new`)}
            >
              Create template
            </ButtonDropdown>
          }
        >
          Templates
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringPlaceholder="Find by name or text"
          filteringAriaLabel="Find templates"
          countText={`${number(filteredItemsCount ?? 0)} found`}
        />
      }
      columnDefinitions={useFitting<Template>(
        [
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            minWidth: 140,
            sortingField: 'name',
            cell: (t) => <RouteLink to={templatePath(t)}>{t.name}</RouteLink>,
          },
          {
            id: 'channel',
            header: 'Channel',
            minWidth: 110,
            sortingField: 'channel',
            cell: (t) => channelNames[t.channel],
          },
          { id: 'text', header: 'Text', minWidth: 320, cell: (t) => textOf(t) },
          {
            id: 'provider',
            header: 'Meta says',
            minWidth: 130,
            cell: (t) =>
              t.channel === 'whatsapp' ? words((providerWord(provider.data, t.definition) ?? '…').toLowerCase()) : '–',
          },
          {
            id: 'origin',
            header: 'Version',
            minWidth: 190,
            sortingField: 'created_at',
            cell: (t) =>
              t.origin === 'saved' ? (
                <>
                  Yours, version {number(t.version)}
                  <Box color="text-body-secondary" fontSize="body-s">
                    <Time at={t.created_at} />
                  </Box>
                </>
              ) : (
                'Comes with Clarion'
              ),
          },
        ],
        ['channel'],
      )}
    />
  );
}
