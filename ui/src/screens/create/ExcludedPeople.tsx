// Who matches and still gets no message: by rule as a chart, and by person with the evidence. Choosing a rule lists its
// people; the server picks them, so that a rare rule is not lost among thousands.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { QueryResults } from '../../api/types';
import { Bars } from '../../shared/Bars';
import { useFitting } from '../../shared/fitting';
import { number, words } from '../../shared/format';
import { tableStates } from '../../shared/states';
import type { Draft } from './draft';
import { evidenceText, ruleText, type Excluded } from './evidence';
import { personColumn, usePeoplePages } from './people';
import { previewOf } from './useAudience';

const mostListed = 200;
const rowsOnPage = 10;

export function ExcludedPeople({ draft, audience }: { draft: Draft; audience: QueryResults }) {
  const [rule, setRule] = useState('');
  const rules = Object.entries(audience.suppressed.by_rule).sort((a, b) => b[1] - a[1]);
  const isThere = rule === '' || audience.suppressed.by_rule[rule] !== undefined;
  const wanted = isThere ? rule : '';
  const body = { ...previewOf(draft), limit: mostListed, ...(wanted ? { excluded_by: wanted } : {}) };
  const list = useQuery({
    queryKey: ['preview', body],
    queryFn: ({ signal }) => call<QueryResults>('POST', '/api/audience/preview', { body, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const people = list.data?.suppressed.users ?? [];
  const all = wanted ? (audience.suppressed.by_rule[wanted] ?? 0) : audience.suppressed.count;
  const { items, toFirst, pagination } = usePeoplePages(people, rowsOnPage);
  const choose = (id: string) => {
    setRule(id);
    toFirst();
  };
  const options = [
    { value: '', label: `Every rule (${number(audience.suppressed.count)})` },
    ...rules.map(([value, count]) => ({ value, label: `${words(value)} (${number(count)})` })),
  ];
  const columns = useFitting<Excluded>([
    personColumn<Excluded>(),
    { id: 'rule', header: 'Rule', minWidth: 140, cell: ruleText },
    { id: 'reason', header: 'Evidence', minWidth: 260, cell: evidenceText },
  ]);
  return (
    <Container header={<Header variant="h2">Who gets none, and why</Header>}>
      <SpaceBetween size="m">
        <Bars
          label="People excluded by each rule"
          most={audience.total_matched}
          bars={rules.map(([id, count]) => ({
            id,
            name: words(id),
            value: count,
            text: `${number(count)} of ${number(audience.total_matched)}`,
          }))}
          chosen={wanted}
          onChoose={choose}
        />
        <Table
          variant="embedded"
          wrapLines
          items={items}
          trackBy="customer_id"
          {...tableStates(list, 'Listing people', 'Nobody is left out by this rule.')}
          ariaLabels={{ tableLabel: 'People who get none' }}
          header={
            <SpaceBetween size="xs">
              <Select
                ariaLabel="Excluded by"
                selectedOption={options.find((option) => option.value === wanted) ?? options[0]!}
                options={options}
                onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
              />
              {people.length < all && list.data && (
                <Box color="text-body-secondary" fontSize="body-s">
                  The first {number(people.length)} of {number(all)} people. After the start, all of them are in the
                  campaign’s ledger and in its export.
                </Box>
              )}
            </SpaceBetween>
          }
          pagination={pagination}
          columnDefinitions={columns}
        />
      </SpaceBetween>
    </Container>
  );
}
