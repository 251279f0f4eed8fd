// The place of what a sentence becomes, kept while it is read and counted: as high as what comes, so that nothing jumps.

import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import LiveRegion from '@cloudscape-design/components/live-region';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';

// A field, and the conditions below it.
export const ConditionsShape = () => (
  <div className="waiting" aria-hidden="true">
    <Skeleton width="100%" height="2rem" />
    <div className="waiting-gap" />
    <Skeleton width="30%" height="2rem" />
  </div>
);

const figure = (label: string) => ({ label, value: <Skeleton width="4rem" height="2.75rem" /> });

export function AudienceShape({ text, hasConditions = true }: { text: string; hasConditions?: boolean }) {
  return (
    <div className="waiting">
      <LiveRegion hidden>{text}</LiveRegion>
      <SpaceBetween size="l">
        {!hasConditions && (
          <Container
            header={
              <Header
                variant="h2"
                description="This is what is sent to. Add, change or remove conditions; the counts follow."
              >
                Understood as
              </Header>
            }
          >
            <ConditionsShape />
            <div className="waiting-line" />
          </Container>
        )}
        <Container header={<Header variant="h2">People</Header>}>
          <KeyValuePairs
            columns={4}
            items={['Match', 'Will get a message', 'Will not', 'Wait for their daytime'].map(figure)}
          />
        </Container>
        <Container header={<Header variant="h2">Who gets none, and why</Header>}>
          <Skeleton width="100%" height="24rem" />
        </Container>
      </SpaceBetween>
    </div>
  );
}
