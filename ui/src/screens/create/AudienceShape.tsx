// The place of what a sentence becomes, kept while it is read and counted: as high as what comes, so that nothing jumps.

import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
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

const Figure = () => (
  <div aria-hidden="true">
    <Skeleton width="60%" />
    <div className="waiting-gap" />
    <Skeleton width="4rem" height="2.5rem" />
  </div>
);

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
          <ColumnLayout columns={4} variant="text-grid" minColumnWidth={150}>
            <Figure />
            <Figure />
            <Figure />
            <Figure />
          </ColumnLayout>
        </Container>
        <Container>
          <div aria-hidden="true">
            <Skeleton variant="text-heading-l" width="40%" />
            <div className="waiting-gap" />
            <Skeleton width="100%" height="24rem" />
          </div>
        </Container>
      </SpaceBetween>
    </div>
  );
}
