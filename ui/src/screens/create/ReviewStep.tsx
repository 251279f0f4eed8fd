// Everything once more, checked, before anything is sent.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { readinessQuery } from '../../api/queries';
import { channels } from '../../api/types';
import { useIsProduction } from '../../app/Environment';
import { channelNames, duration, localTime, money, number } from '../../shared/format';
import { Waiting } from '../../shared/states';
import { confirmAbove, parseBudget } from './checks';
import { startAt } from './draft';
import { sendingTime } from './PaceStep';
import { parseRate } from './rate';
import type { StepProps } from './step';

interface Props extends StepProps {
  confirmation: string;
  onConfirmation: (text: string) => void;
  goTo: (step: number) => void;
}

interface Check {
  type: 'success' | 'warning' | 'error' | 'loading';
  text: string;
}

function usePreflight({ draft, audience }: Props): Check[] {
  const readiness = useQuery(readinessQuery);
  if (!audience) return [{ type: 'loading', text: 'Counting people' }];
  const checks: Check[] = [];
  const add = (isGood: boolean, good: string, bad: string, type: 'warning' | 'error' = 'warning') =>
    checks.push(isGood ? { type: 'success', text: good } : { type, text: bad });
  if (readiness.data) {
    const wrong = Object.entries(readiness.data.checks).filter(([, result]) => result !== 'ok');
    add(wrong.length === 0, 'The server can record and send.', wrong.map(([, text]) => text).join('; '), 'error');
  } else {
    checks.push({ type: readiness.error ? 'error' : 'loading', text: 'Whether the server can record and send' });
  }
  add(
    draft.unsupported.length === 0,
    'Every word of the sentence was understood.',
    `Left out knowingly: ${draft.unsupported.map((part) => `“${part.words}”`).join(', ')}.`,
  );
  add(
    audience.suppressed.count === 0,
    'Everybody who matches may be written to.',
    `${number(audience.suppressed.count)} people who match get none: consent, opt-outs, addresses and caps are kept.`,
  );
  const cost = audience.after_metrics.cost;
  const budget = parseBudget(draft.budget);
  if (budget) {
    add(
      cost <= budget,
      `The estimate of ${money(cost)} is within the budget of ${money(budget)}.`,
      `The estimate of ${money(cost)} is above the budget of ${money(budget)}: sending will stop before everybody is served.`,
    );
  } else {
    checks.push({ type: 'warning', text: `No budget is set; the estimate is ${money(cost)}.` });
  }
  add(draft.respectsCaps, 'Frequency caps and quiet hours are kept.', 'Frequency caps and quiet hours are NOT kept.');
  return checks;
}

export function ReviewStep(props: Props) {
  const { draft, change, audience, confirmation, onConfirmation, goTo } = props;
  const isProduction = useIsProduction();
  const checks = usePreflight(props);
  if (!audience) return <Waiting text="Counting people" />;
  const rate = parseRate(draft.rate);
  const at = startAt(draft);
  const counts = audience.after_metrics.messages_by_channel;
  const edit = (step: number, what: string) => (
    <Button variant="inline-link" ariaLabel={`Change ${what}`} onClick={() => goTo(step)}>
      Change
    </Button>
  );
  return (
    <SpaceBetween size="l">
      {isProduction && (
        <Alert type="warning" header="This sends for real">
          {number(audience.eligible_count)} people get a message through your AWS account, for about{' '}
          {money(audience.after_metrics.cost)}.
        </Alert>
      )}
      <Container header={<Header variant="h2">The campaign</Header>}>
        <SpaceBetween size="l">
          <FormField label="Name" description="For you; recipients do not see it.">
            <Input
              value={draft.name}
              placeholder={draft.sentence || draft.campaignId}
              onChange={({ detail }) => change({ name: detail.value })}
            />
          </FormField>
          <KeyValuePairs
            columns={3}
            items={[
              {
                label: 'Recipients',
                value: (
                  <>
                    {number(audience.eligible_count)} {edit(0, 'audience')}
                  </>
                ),
              },
              {
                label: 'Channels',
                value: channels
                  .filter((c) => counts[c] > 0)
                  .map((c) => `${number(counts[c])} ${channelNames[c]}`)
                  .join(', '),
              },
              { label: 'Estimated cost', value: money(audience.after_metrics.cost) },
              {
                label: 'Rate',
                value: (
                  <>
                    {rate.ok ? `${rate.value} per second on each channel` : 'not chosen'} {edit(3, 'rate')}
                  </>
                ),
              },
              {
                label: 'Start',
                value: (
                  <>
                    {at ? localTime(at.toISOString()) : 'at once'} {edit(3, 'start')}
                  </>
                ),
              },
              {
                label: 'Sending takes about',
                value: rate.ok ? duration(Math.max(1, sendingTime(audience, rate.value).seconds)) : '–',
              },
            ]}
          />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Checks</Header>}>
        <SpaceBetween size="xs">
          {checks.map((check) => (
            <Box key={check.text}>
              <StatusIndicator type={check.type}>{check.text}</StatusIndicator>
            </Box>
          ))}
        </SpaceBetween>
      </Container>
      {audience.eligible_count >= confirmAbove && (
        <Container header={<Header variant="h2">Confirm</Header>}>
          <FormField
            label={`Type the number of recipients: ${number(audience.eligible_count)}`}
            description={`Asked for from ${number(confirmAbove)} recipients on.`}
          >
            <Input value={confirmation} inputMode="numeric" onChange={({ detail }) => onConfirmation(detail.value)} />
          </FormField>
        </Container>
      )}
    </SpaceBetween>
  );
}
