// Who was left out before anything was sent, and by which rule. What failed on its way stands apart.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Analytics } from '../../api/types';
import { Bars } from '../../shared/Bars';
import { number, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { grouped } from '../campaign/reasons';

export function Exclusions({ analytics }: { analytics: Analytics }) {
  const rules = grouped(analytics.by_reason.filter(({ state }) => state === 'skipped'));
  const all = rules.reduce((sum, rule) => sum + rule.count, 0);
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${number(all)})`}
          description="Matched, and got no message: decided before anything was sent, person by person."
        >
          Exclusions
        </Header>
      }
    >
      {rules.length === 0 ? (
        <Box color="text-body-secondary">Nobody was left out.</Box>
      ) : (
        <SpaceBetween size="s">
          <Bars
            label="People left out by each rule"
            bars={rules.map((rule) => ({
              id: rule.reason,
              name: words(rule.reason),
              value: rule.count,
              text: number(rule.count),
              note: rule.text ?? undefined,
            }))}
          />
          <RouteLink to={`/campaigns/${encodeURIComponent(analytics.campaign_id)}/recipients?state=skipped`}>
            Everybody who was left out, with the evidence
          </RouteLink>
        </SpaceBetween>
      )}
    </Container>
  );
}
