// Everything once more, checked, before anything is sent.

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { channels, type QueryResults } from '../../api/types';
import { useIsProduction } from '../../app/Environment';
import { channelNames, decimal, money, number } from '../../shared/format';
import { Waiting } from '../../shared/states';
import { Time } from '../../shared/Time';
import { Verdict } from '../../shared/Verdict';
import { confirmAbove, parseBudget, steps } from './checks';
import { startAt } from './draft';
import { finishOf } from './finish';
import type { Check } from './preflight';
import { parseRate } from './rate';
import type { StepProps } from './step';

interface Props extends StepProps {
  checks: readonly Check[];
  confirmation: string;
  onConfirmation: (text: string) => void;
  goTo: (step: number) => void;
}

function Checks({ checks, goTo }: Pick<Props, 'checks' | 'goTo'>) {
  return (
    <Container header={<Header variant="h2">Checks</Header>}>
      <ul className="checks">
        {checks.map((check) => (
          <li key={check.id}>
            <Verdict type={check.type}>
              {check.text}{' '}
              {check.step && check.type !== 'success' && (
                <Button
                  variant="inline-link"
                  ariaLabel={`Look at it: ${check.text}`}
                  onClick={() => goTo(steps.indexOf(check.step!))}
                >
                  Look at it
                </Button>
              )}
            </Verdict>
          </li>
        ))}
      </ul>
    </Container>
  );
}

// The plan's estimate, and the bounds of whatever channels people end up on.
function costText(audience: QueryResults, budget: number | null | undefined): string {
  const { lowest, highest } = audience.cost_range;
  const range = lowest === highest ? '' : `; ${money(lowest)} to ${money(highest)}, whichever channel each person gets`;
  return `${money(audience.after_metrics.cost)}${range}${budget ? `; never above ${money(budget)}` : ''}`;
}

export function ReviewStep(props: Props) {
  const { draft, change, audience, checks, confirmation, onConfirmation, goTo } = props;
  const isProduction = useIsProduction();
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
              { label: 'Estimated cost', value: costText(audience, parseBudget(draft.budget)) },
              {
                label: 'Rate',
                value: (
                  <>
                    {rate.ok ? `${decimal(rate.value)} per second on each channel` : 'not chosen'} {edit(3, 'rate')}
                  </>
                ),
              },
              {
                label: 'Start',
                value: (
                  <>
                    {at ? <Time at={at.toISOString()} /> : 'at once'} {edit(3, 'start')}
                  </>
                ),
              },
              {
                label: 'Last message leaves about',
                value: rate.ok ? (
                  <Time at={finishOf(audience, rate.value, at ?? new Date()).endsAt.toISOString()} />
                ) : (
                  '–'
                ),
              },
            ]}
          />
        </SpaceBetween>
      </Container>
      <Checks checks={checks} goTo={goTo} />
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
