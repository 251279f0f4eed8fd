// How many match, how many of them may be written to, and who not, by rule and by person.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import type { QueryResults } from '../../api/types';
import { number, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Waiting } from '../../shared/states';

const big = (value: number) => (
  <Box fontSize="display-l" fontWeight="bold">
    <span className="numeric">{number(value)}</span>
  </Box>
);

export function AudienceResult({ audience, isLoading }: { audience: QueryResults | undefined; isLoading: boolean }) {
  if (!audience) return <Waiting text="Counting people" />;
  const rules = Object.entries(audience.suppressed.by_rule).sort((a, b) => b[1] - a[1]);
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" actions={isLoading ? <Spinner /> : undefined}>
            People
          </Header>
        }
      >
        <div role="status">
          <KeyValuePairs
            columns={4}
            items={[
              { label: 'Match', value: big(audience.total_matched) },
              { label: 'Will get a message', value: big(audience.eligible_count) },
              { label: 'Will not', value: big(audience.suppressed.count) },
              { label: 'Wait for their daytime', value: big(audience.time_optimized.count) },
            ]}
          />
        </div>
      </Container>
      {rules.length > 0 && (
        <Container header={<Header variant="h2">Who gets none, and why</Header>}>
          <SpaceBetween size="m">
            {rules.map(([rule, count]) => (
              <ProgressBar
                key={rule}
                label={words(rule)}
                value={(100 * count) / Math.max(1, audience.total_matched)}
                additionalInfo={`${number(count)} of ${number(audience.total_matched)} people`}
              />
            ))}
            <ExpandableSection headerText={`Some of these ${number(audience.suppressed.count)} people`}>
              <Table
                variant="embedded"
                wrapLines
                items={audience.suppressed.users}
                trackBy="customer_id"
                ariaLabels={{ tableLabel: 'People who get none' }}
                columnDefinitions={[
                  {
                    id: 'name',
                    header: 'Person',
                    isRowHeader: true,
                    minWidth: 140,
                    cell: (u) => (
                      <RouteLink to={`/contacts/${encodeURIComponent(u.customer_id)}`}>
                        {u.name ?? u.customer_id}
                      </RouteLink>
                    ),
                  },
                  { id: 'rule', header: 'Rule', minWidth: 140, cell: (u) => words(u.rule) },
                  { id: 'reason', header: 'Evidence', minWidth: 260, cell: (u) => u.reason },
                ]}
              />
            </ExpandableSection>
          </SpaceBetween>
        </Container>
      )}
    </SpaceBetween>
  );
}
