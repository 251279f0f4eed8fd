// How many match, how many of them may be written to, and who not, by rule and by person.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { QueryResults } from '../../api/types';
import { number } from '../../shared/format';
import { AudienceShape } from './AudienceShape';
import type { Draft } from './draft';
import { ExcludedPeople } from './ExcludedPeople';
import { SamplePeople } from './SamplePeople';

const big = (value: number) => (
  <Box fontSize="display-l" fontWeight="bold">
    <span className="numeric">{number(value)}</span>
  </Box>
);

interface Props {
  draft: Draft;
  audience: QueryResults | undefined;
  isLoading: boolean;
}

export function AudienceResult({ draft, audience, isLoading }: Props) {
  if (!audience) return <AudienceShape text="Counting people" />;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" actions={<span className="spinner-place">{isLoading && <Spinner />}</span>}>
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
      {audience.suppressed.count > 0 && <ExcludedPeople draft={draft} audience={audience} />}
      {audience.eligible_count > 0 && <SamplePeople audience={audience} />}
    </SpaceBetween>
  );
}
