// How fast, when, and how much at most.

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import Toggle from '@cloudscape-design/components/toggle';
import { channels, type QueryResults } from '../../api/types';
import { channelNames, duration, money, number } from '../../shared/format';
import { parseBudget } from './checks';
import { startAt } from './draft';
import { parseRate } from './rate';
import type { StepProps } from './step';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// Each channel has a bucket of its own and they run at the same time: the largest one decides.
export function sendingTime(audience: QueryResults, rate: number): { seconds: number; channel: string } {
  const counts = audience.after_metrics.messages_by_channel;
  const slowest = channels.reduce((a, b) => (counts[b] > counts[a] ? b : a));
  // The bucket starts full: five seconds' worth goes out at once.
  return { seconds: Math.max(0, counts[slowest] / rate - 5), channel: channelNames[slowest] };
}

function Estimate({ audience, rate }: { audience: QueryResults; rate: number }) {
  const { seconds, channel } = sendingTime(audience, rate);
  const late = audience.time_optimized.count;
  return (
    <Box>
      {audience.eligible_count === 0
        ? 'Nobody to send to.'
        : `About ${seconds < 1 ? 'a second' : duration(seconds)} at this rate; ${channel} has the most messages.`}
      {late > 0 && ` ${number(late)} people wait for their daytime first, so the campaign ends later.`}
    </Box>
  );
}

export function PaceStep({ draft, change, audience, isTried }: StepProps) {
  const rate = parseRate(draft.rate);
  const isBadRate = !rate.ok && (isTried || draft.rate !== '');
  const at = startAt(draft);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">How fast</Header>}>
        <SpaceBetween size="m">
          <FormField
            label="Messages per second on each channel"
            description="There is no default: choose what your account and your recipients can take. SMS of several parts count each part."
            errorText={isBadRate && !rate.ok ? rate.error : undefined}
            constraintText="The provider's quota and the operator's ceiling hold in any case; the live run says which limit is met."
          >
            <Input
              value={draft.rate}
              inputMode="decimal"
              placeholder="choose a rate"
              onChange={({ detail }) => change({ rate: detail.value })}
            />
          </FormField>
          {rate.ok && audience && <Estimate audience={audience} rate={rate.value} />}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">When</Header>}>
        <SpaceBetween size="m">
          <RadioGroup
            ariaLabel="When to start"
            value={draft.startsLater ? 'later' : 'now'}
            onChange={({ detail }) => change({ startsLater: detail.value === 'later' })}
            items={[
              { value: 'now', label: 'Now' },
              { value: 'later', label: 'At a set time', description: `In your time zone, ${zone}` },
            ]}
          />
          {draft.startsLater && (
            <SpaceBetween direction="horizontal" size="s">
              <FormField label="Date">
                <DatePicker
                  value={draft.startDate}
                  onChange={({ detail }) => change({ startDate: detail.value })}
                  openCalendarAriaLabel={(date) => (date ? `Choose another date than ${date}` : 'Choose a date')}
                  previousMonthAriaLabel="Previous month"
                  nextMonthAriaLabel="Next month"
                  todayAriaLabel="today"
                  placeholder="YYYY/MM/DD"
                  isDateEnabled={(date) => date.getTime() > Date.now() - 86_400_000}
                />
              </FormField>
              <FormField
                label="Time"
                constraintText={at ? `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` : undefined}
              >
                <TimeInput
                  format="hh:mm"
                  placeholder="hh:mm"
                  value={draft.startTime}
                  onChange={({ detail }) => change({ startTime: detail.value })}
                />
              </FormField>
            </SpaceBetween>
          )}
          <Toggle
            checked={draft.respectsCaps}
            onChange={({ detail }) => change({ respectsCaps: detail.checked })}
            description="Consent, opt-outs and suppressions hold in any case."
          >
            Keep frequency caps, and wait for the end of quiet hours
          </Toggle>
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
