// A template's history: every version as it was saved. Looking at one changes nothing; saving it takes it up again.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { templateVersionsQuery } from '../../api/queries';
import type { Channel, Template } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { number } from '../../shared/format';
import { tableStates } from '../../shared/states';
import { Time } from '../../shared/Time';
import { changesBetween } from './changes';

interface Props {
  channel: Channel;
  name: string;
  shown: Template; // what the form began with
  onShow: (version: Template) => void;
}

export const versionName = (version: Template) =>
  version.origin === 'built_in' ? 'As it comes with Clarion' : `Version ${version.version}`;
export const keyOf = (version: Template) => `${version.origin} ${version.version}`;

export function Versions({ channel, name, shown, onShow }: Props) {
  const versions = useQuery(templateVersionsQuery(channel, name));
  const rows = versions.data ?? [];
  return (
    <Table
      variant="container"
      wrapLines
      items={rows}
      trackBy={keyOf}
      {...tableStates(versions, 'Loading versions', 'No version was saved.')}
      ariaLabels={{ tableLabel: 'Versions' }}
      header={
        <Header
          variant="h2"
          counter={versions.data ? `(${number(rows.length)})` : undefined}
          description="A version never changes. New campaigns take the newest; a campaign keeps the one it was made with."
        >
          Versions
        </Header>
      }
      columnDefinitions={useFitting<Template>([
        {
          id: 'version',
          header: 'Version',
          isRowHeader: true,
          minWidth: 170,
          cell: (v) => (
            <>
              {versionName(v)}
              {v === rows[0] && <Box color="text-body-secondary">in use</Box>}
            </>
          ),
        },
        { id: 'saved', header: 'Saved', minWidth: 160, cell: (v) => <Time at={v.created_at} /> },
        {
          id: 'changes',
          header: 'Against the one before',
          minWidth: 260,
          cell: (v) => {
            const before = rows[rows.indexOf(v) + 1];
            const changes = before ? changesBetween(before.definition, v.definition) : [];
            if (!before) return '–';
            return changes.length === 0 ? 'The same' : changes.map((change) => <div key={change}>{change}</div>);
          },
        },
        {
          id: 'actions',
          header: 'Actions',
          minWidth: 120,
          cell: (v) =>
            keyOf(v) === keyOf(shown) ? (
              'Shown above'
            ) : (
              <Button variant="inline-link" ariaLabel={`Show ${versionName(v)}`} onClick={() => onShow(v)}>
                Show
              </Button>
            ),
        },
      ])}
    />
  );
}
