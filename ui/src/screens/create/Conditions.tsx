// The filter as conditions to edit; its SQL for whoever wants to know exactly.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { fieldsQuery } from '../../api/queries';
import type { Filter } from '../../api/types';
import { Answer } from '../../shared/states';
import { ConditionsShape } from './AudienceShape';
import { ConditionError, fromQuery, isEveryone, options, properties, toQuery } from './conditions';
import { filterTexts } from './filterTexts';
import { SaveSegment } from './SaveSegment';

interface Props {
  filter: Filter;
  sql: string | undefined;
  name: string; // offered for the segment that is saved
  onChange: (filter: Filter) => void;
}

export function Conditions({ filter, sql, name, onChange }: Props) {
  const known = useQuery(fieldsQuery);
  const fields = known.data;
  const [problem, setProblem] = useState<string | null>(null);
  const query = useMemo(() => (fields ? toQuery(filter, fields) : null), [filter, fields]);
  const filteringProperties = useMemo(() => properties(fields ?? []), [fields]);
  const filteringOptions = useMemo(() => options(fields ?? []), [fields]);
  const change = (next: PropertyFilterProps.Query) => {
    try {
      onChange(fromQuery(next, fields ?? []));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="This is what is sent to. Add, change or remove conditions; the counts follow."
          actions={<SaveSegment filter={filter} suggestion={name} />}
        >
          Understood as
        </Header>
      }
    >
      <SpaceBetween size="s">
        {query ? (
          <PropertyFilter
            query={query}
            onChange={({ detail }) => change(detail)}
            filteringProperties={filteringProperties}
            filteringOptions={filteringOptions}
            enableTokenGroups
            disableFreeTextFiltering
            expandToViewport
            i18nStrings={filterTexts}
            filteringPlaceholder="Add a condition"
            filteringAriaLabel="Add a condition"
            filteringEmpty="Nothing to choose from; type a value."
          />
        ) : (
          <Answer query={known} shape={<ConditionsShape />}>
            {() => (
              <Alert type="info">
                These conditions cannot be edited here; the SQL below says what they mean. Change the sentence instead.
              </Alert>
            )}
          </Answer>
        )}
        {isEveryone(filter) && <Box variant="p">No condition: this means everyone.</Box>}
        {problem && <Alert type="error">{problem}.</Alert>}
        <ExpandableSection headerText="As SQL">
          {sql ? (
            <Box variant="code">
              <pre className="sql">{sql}</pre>
            </Box>
          ) : (
            <Box color="text-body-secondary">It comes with the count.</Box>
          )}
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}
