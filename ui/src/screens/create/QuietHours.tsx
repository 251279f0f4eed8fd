// Whether people are left alone at night, and whether frequency caps hold. When somebody is in quiet hours at the start
// it has to be decided, for it makes the difference between minutes and a day.

import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { localTime, number } from '../../shared/format';
import { people } from '../../shared/people';
import { checkHours } from './checks';
import type { StepProps } from './step';

export function QuietHours({ draft, change, audience, isTried }: Omit<StepProps, 'isLoading'>) {
  const waiting = audience?.time_optimized;
  const hasWaiting = (waiting?.count ?? 0) > 0;
  const isOpen = checkHours(draft, audience) !== null;
  return (
    <FormField
      label="Quiet hours and frequency caps"
      description="Nobody is written to at night on their own clock, nor too often over all campaigns. Consent, opt-outs and suppressions hold in any case."
      errorText={isTried ? checkHours(draft, audience) : undefined}
    >
      <RadioGroup
        value={isOpen ? null : draft.respectsCaps ? 'keep' : 'ignore'}
        onChange={({ detail }) => change({ respectsCaps: detail.value === 'keep', hasChosenHours: true })}
        items={[
          {
            value: 'keep',
            label: 'Keep them',
            description: hasWaiting
              ? `In their quiet hours then: ${number(waiting!.count)} of ${people(audience!.eligible_count)}. They get theirs from ${localTime(waiting!.first_at!)} on, the last at ${localTime(waiting!.last_at!)}.`
              : undefined,
          },
          {
            value: 'ignore',
            label: 'Set them aside for this campaign',
            description: 'Everybody is written to at once, whatever the hour.',
          },
        ]}
      />
    </FormField>
  );
}
