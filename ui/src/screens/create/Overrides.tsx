// Channels chosen by hand, person by person. The server keeps to consent: where it refuses one, it says why.

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';
import type { Channel } from '../../api/types';
import { channelNames, localAmounts } from '../../shared/format';
import { PersonPicker, type Person } from '../../shared/PersonPicker';
import { usedChannels } from './plan';
import type { StepProps } from './step';

export function Overrides({ draft, change, audience }: Pick<StepProps, 'draft' | 'change' | 'audience'>) {
  const used = usedChannels(draft);
  const [person, setPerson] = useState<Person | null>(null);
  const [wanted, setWanted] = useState<Channel | null>(null);
  const channel = wanted && used.includes(wanted) ? wanted : used[0];
  const near = (audience?.eligible_users ?? []).map((user) => ({
    id: user.customer_id,
    name: user.name ?? user.customer_id,
    note: channelNames[user.selected_channel],
  }));
  const entries = Object.entries(draft.overrides);
  const refused = audience?.channel_overrides.refused ?? [];
  const absent = audience?.channel_overrides.not_in_audience ?? [];
  return (
    <SpaceBetween size="s">
      <FormField
        label={
          <>
            Another channel for somebody <i>– optional</i>
          </>
        }
      >
        <SpaceBetween size="xs">
          <PersonPicker person={person} near={near} nearLabel="Of this audience" onChoose={setPerson} />
          <SpaceBetween direction="horizontal" size="xs">
            <SegmentedControl
              label="Channel for this person"
              selectedId={channel ?? null}
              options={used.map((id) => ({ id, text: channelNames[id] }))}
              onChange={({ detail }) => setWanted(detail.selectedId as Channel)}
            />
            <Button
              disabled={!person || !channel}
              onClick={() => {
                if (!person || !channel) return;
                change({ overrides: { ...draft.overrides, [person.id]: channel } });
                setPerson(null);
              }}
            >
              Use this channel
            </Button>
          </SpaceBetween>
        </SpaceBetween>
      </FormField>
      {entries.length > 0 && (
        <TokenGroup
          limit={10}
          items={entries.map(([id, chosen]) => ({
            label: `${near.find((one) => one.id === id)?.name ?? id}: ${channelNames[chosen]}`,
            dismissLabel: `Let the channel of ${id} be chosen`,
          }))}
          i18nStrings={{ limitShowFewer: 'Show fewer', limitShowMore: 'Show all' }}
          onDismiss={({ detail }) => {
            const { [entries[detail.itemIndex]![0]]: _, ...rest } = draft.overrides;
            change({ overrides: rest });
          }}
        />
      )}
      {refused.length > 0 && (
        <Alert type="warning" header="Not possible, and so chosen as for everybody">
          <ul>
            {refused.map((row) => (
              <li key={row.customer_id}>
                {row.name ?? row.customer_id}, {channelNames[row.wanted_channel]}: {localAmounts(row.reason)}
                {row.selected_channel ? ` Gets ${channelNames[row.selected_channel]}.` : ' Gets no message.'}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {absent.length > 0 && <Alert type="info">Not in this audience: {absent.join(', ')}.</Alert>}
    </SpaceBetween>
  );
}
