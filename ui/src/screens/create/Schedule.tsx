// Now, or at a date and time on the clock of a chosen zone.

import Box from '@cloudscape-design/components/box';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { localTime } from '../../shared/format';
import { startAt } from './draft';
import type { StepProps } from './step';
import { timeIn, viewerZone, zoneNames } from './zones';

const zones = zoneNames().map((value) => ({
  value,
  label: value.replaceAll('_', ' '),
  description: value === viewerZone ? 'yours' : undefined,
}));

export function Schedule({ draft, change }: Pick<StepProps, 'draft' | 'change'>) {
  const at = startAt(draft);
  return (
    <SpaceBetween size="m">
      <RadioGroup
        ariaLabel="When to start"
        value={draft.startsLater ? 'later' : 'now'}
        onChange={({ detail }) => change({ startsLater: detail.value === 'later' })}
        items={[
          { value: 'now', label: 'Now' },
          { value: 'later', label: 'At a set time' },
        ]}
      />
      {draft.startsLater && (
        <SpaceBetween size="xs">
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
            <FormField label="Time">
              <TimeInput
                format="hh:mm"
                placeholder="hh:mm"
                value={draft.startTime}
                onChange={({ detail }) => change({ startTime: detail.value })}
              />
            </FormField>
            <FormField label="Time zone">
              <Select
                selectedOption={zones.find((zone) => zone.value === draft.zone) ?? zones[0]!}
                options={zones}
                filteringType="auto"
                virtualScroll
                onChange={({ detail }) => change({ zone: detail.selectedOption.value! })}
              />
            </FormField>
          </SpaceBetween>
          <div role="status">
            {at && (
              <Box color="text-body-secondary">
                {draft.zone === viewerZone ? '' : `${timeIn(draft.zone, at)} there, `}
                {localTime(at.toISOString())} for you, {at.toISOString().slice(0, 16).replace('T', ' ')} UTC.
              </Box>
            )}
          </div>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
