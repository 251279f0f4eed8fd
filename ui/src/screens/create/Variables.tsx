// What fills the template: each variable with what the chosen person gets, where that comes from, and this campaign's
// own value in its place. A contact's field stays theirs; the campaign's value then holds for those who lack it.

import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useFitting } from '../../shared/fitting';
import type { Preview } from '../../api/types';

type Value = Preview['variables'][number];

const sources: Record<Value['source'], string> = {
  contact: 'from the contact',
  campaign: 'from the campaign',
  fallback: 'the template’s fallback',
  unsubscribe_link: 'a link of this person’s own',
  none: '',
};

// A part of the promotion belongs to the product; it is changed where promotions are.
const isOwn = (value: Value) => !value.name.includes('.') && value.source !== 'unsubscribe_link';

interface Props {
  values: readonly Value[];
  own: Record<string, string>;
  onChange: (own: Record<string, string>) => void;
}

export function Variables({ values, own, onChange }: Props) {
  const columns = useFitting<Value>(
    [
      { id: 'name', header: 'Variable', isRowHeader: true, minWidth: 165, cell: (v) => v.name },
      {
        id: 'value',
        header: 'This person gets',
        minWidth: 150,
        cell: (v) =>
          v.source === 'none' ? (
            <StatusIndicator type="warning">no value</StatusIndicator>
          ) : (
            <>
              {v.value || '–'}
              <br />
              <small>{sources[v.source]}</small>
            </>
          ),
      },
      {
        id: 'own',
        header: 'In this campaign',
        minWidth: 140,
        cell: (v) =>
          isOwn(v) ? (
            <Input
              value={own[v.name] ?? ''}
              ariaLabel={`${v.name} in this campaign`}
              placeholder={v.source === 'contact' ? (v.fallback ?? 'if not known') : (v.value ?? 'a value')}
              onChange={({ detail }) => onChange({ ...own, [v.name]: detail.value })}
            />
          ) : (
            '–'
          ),
      },
    ],
    ['own'],
  );
  if (values.length === 0) return null;
  return (
    <Table
      variant="embedded"
      wrapLines
      items={[...values]}
      trackBy="name"
      ariaLabels={{ tableLabel: 'Variables of the template' }}
      header={<Header variant="h2">Variables</Header>}
      columnDefinitions={columns}
    />
  );
}
