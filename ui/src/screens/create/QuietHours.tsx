// Whether people are left alone at night, and whether frequency caps hold. When somebody is in quiet hours at the start
// it has to be decided, for it makes the difference between minutes and a day.

import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useQuery } from '@tanstack/react-query';
import { installationQuery } from '../../api/queries';
import type { Installation } from '../../api/types';
import { number } from '../../shared/format';
import { Time } from '../../shared/Time';
import { people } from '../../shared/people';
import { checkHours } from './checks';
import type { StepProps } from './step';

function hoursText(installation: Installation | undefined): string {
  const hours = installation?.plan_defaults.quiet_hours;
  if (!hours) return 'at night';
  return `from ${hours.from} to ${hours.to}`;
}

function capsText(installation: Installation | undefined): string | undefined {
  const caps = installation?.plan_defaults.caps;
  if (!caps) return undefined;
  const limits = [
    ...(caps.per_day ? [`${number(caps.per_day)} in 24 hours`] : []),
    ...(caps.per_week ? [`${number(caps.per_week)} in 7 days`] : []),
  ];
  return `At most ${limits.join(' and ')} to one person, over all campaigns.`;
}

export function QuietHours({ draft, change, audience, isTried }: Omit<StepProps, 'isLoading'>) {
  const installation = useQuery(installationQuery).data;
  const waiting = audience?.time_optimized;
  const hasWaiting = (waiting?.count ?? 0) > 0;
  const problem = checkHours(draft, audience);
  return (
    <SpaceBetween size="m">
      <FormField
        label="Quiet hours"
        description={`Nothing is sent ${hoursText(installation)} on each person’s own clock.`}
        errorText={isTried ? problem : undefined}
      >
        <RadioGroup
          value={problem !== null ? null : draft.keepsQuietHours ? 'keep' : 'ignore'}
          onChange={({ detail }) => change({ keepsQuietHours: detail.value === 'keep', hasChosenHours: true })}
          items={[
            {
              value: 'keep',
              label: 'Wait for each person’s daytime',
              description: hasWaiting ? (
                <>
                  In their quiet hours then: {number(waiting!.count)} of {people(audience!.eligible_count)}. They get
                  theirs from <Time at={waiting!.first_at} /> on, the last at <Time at={waiting!.last_at} />.
                </>
              ) : undefined,
            },
            { value: 'ignore', label: 'Send at once, whatever the hour' },
          ]}
        />
      </FormField>
      <Toggle
        checked={draft.respectsCaps}
        onChange={({ detail }) => change({ respectsCaps: detail.checked })}
        description={`${capsText(installation) ?? ''} Consent, opt-outs and suppressions hold in any case.`}
      >
        Keep frequency caps
      </Toggle>
    </SpaceBetween>
  );
}
