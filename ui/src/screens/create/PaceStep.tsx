// How fast, when, and how much at most.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { nextStep } from '../../api/problem';
import { installationQuery, quotasQuery } from '../../api/queries';
import { channels, type QueryResults } from '../../api/types';
import { channelNames, decimal, duration, money, number } from '../../shared/format';
import { Time } from '../../shared/Time';
import { Verdict } from '../../shared/Verdict';
import { parseBudget } from './checks';
import { startAt } from './draft';
import { finishOf } from './finish';
import { heldOf, limitsMet } from './limits';
import { QuietHours } from './QuietHours';
import { parseRate } from './rate';
import { Schedule } from './Schedule';
import type { StepProps } from './step';

function Estimate({ audience, rate, starts }: { audience: QueryResults; rate: number; starts: Date | null }) {
  const asked = useQuery(quotasQuery);
  const quotas = asked.data;
  const { seconds, slowest, endsAt } = finishOf(audience, rate, starts ?? new Date(), heldOf(quotas));
  if (audience.eligible_count === 0) return <Box>Nobody to send to.</Box>;
  const used = channels.filter((channel) => audience.after_metrics.messages_by_channel[channel] > 0);
  return (
    <SpaceBetween size="xs">
      {limitsMet(quotas, used, rate).map((limit) => (
        <Verdict key={limit.channel} type="info">
          {channelNames[limit.channel]} is held to {decimal(limit.perSecond)} per second by its provider ({limit.source}
          ): there the rate above is not reached.
        </Verdict>
      ))}
      {asked.error && !quotas && (
        <Verdict type="warning">
          What the providers allow could not be read: it may take longer than said here. {nextStep(asked.error)}
        </Verdict>
      )}
      <Box>
        About {seconds < 1 ? 'a second' : duration(seconds)} of sending; {channelNames[slowest]} has the most to send.
        The last message leaves about <Time at={endsAt.toISOString()} />.
      </Box>
    </SpaceBetween>
  );
}

export function PaceStep({ draft, change, audience, isTried }: StepProps) {
  const installation = useQuery(installationQuery);
  const most = installation.data?.max_tps;
  const rate = parseRate(draft.rate, most);
  const isBadRate = !rate.ok && (isTried || draft.rate !== '');
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">How fast</Header>}>
        <SpaceBetween size="m">
          <FormField
            label="Messages per second on each channel"
            description="There is no default: choose what your account and your recipients can take. SMS of several parts count each part."
            errorText={isBadRate && !rate.ok ? rate.error : undefined}
            constraintText={`${
              most === undefined ? '' : `At most ${number(most)} here. `
            }Where the provider’s quota is lower, it holds; the live run names the limit that is met.`}
          >
            <Input
              value={draft.rate}
              inputMode="decimal"
              placeholder="choose a rate"
              onChange={({ detail }) => change({ rate: detail.value })}
            />
          </FormField>
          <div role="status">
            {rate.ok && audience && <Estimate audience={audience} rate={rate.value} starts={startAt(draft)} />}
          </div>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">When</Header>}>
        <SpaceBetween size="l">
          <Schedule draft={draft} change={change} />
          <QuietHours draft={draft} change={change} audience={audience} isTried={isTried} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">How much at most</Header>}>
        <FormField
          label={
            <>
              Budget in US dollars <i>– optional</i>
            </>
          }
          description={
            audience
              ? `This plan is estimated at ${money(audience.after_metrics.cost)}. Sending stops before the budget is passed.`
              : undefined
          }
          errorText={parseBudget(draft.budget) === undefined ? 'Write an amount above 0, such as 25.' : undefined}
        >
          <Input
            value={draft.budget}
            inputMode="decimal"
            placeholder="no limit"
            onChange={({ detail }) => change({ budget: detail.value })}
          />
        </FormField>
      </Container>
    </SpaceBetween>
  );
}
