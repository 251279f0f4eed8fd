// How channels are chosen: which may be used, and how many people's are drawn to go on learning.

import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { installationQuery } from '../../api/queries';
import { channels } from '../../api/types';
import { channelNames, percent } from '../../shared/format';
import { Overrides } from './Overrides';
import { parseShare } from './plan';
import type { StepProps } from './step';

export function ChoiceRules({ draft, change, audience }: StepProps) {
  const installation = useQuery(installationQuery).data;
  const usual = installation?.plan_defaults.decision.exploration;
  return (
    <Container
      header={
        <Header variant="h2" description="Left as it is, each person gets the channel that promises most for its cost.">
          How channels are chosen
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField
          label="Channels that may be used"
          errorText={draft.channels.length === 0 ? 'Choose at least one.' : undefined}
        >
          <SpaceBetween direction="horizontal" size="m">
            {channels.map((channel) => {
              const isSetUp = installation?.set_up[channel] ?? true;
              return (
                <Checkbox
                  key={channel}
                  checked={draft.channels.includes(channel)}
                  description={isSetUp ? undefined : 'not set up here'}
                  onChange={({ detail }) =>
                    change({
                      channels: channels.filter((one) =>
                        one === channel ? detail.checked : draft.channels.includes(one),
                      ),
                    })
                  }
                >
                  {channelNames[channel]}
                </Checkbox>
              );
            })}
          </SpaceBetween>
        </FormField>
        <FormField
          label={
            <>
              Exploration share <i>– optional</i>
            </>
          }
          description="Of these people the channel is drawn by lot among those they allow, so that the choice goes on learning. What was drawn, and with which probability, is recorded."
          errorText={parseShare(draft.exploration) === undefined ? 'Write a share from 0 to 100 percent.' : undefined}
        >
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <Input
              value={draft.exploration}
              inputMode="decimal"
              ariaLabel="Exploration share in percent"
              placeholder={usual === undefined ? '' : percent(usual).replace(/\s*%$/, '')}
              onChange={({ detail }) => change({ exploration: detail.value })}
            />
            <Box>percent</Box>
          </SpaceBetween>
        </FormField>
        <Overrides draft={draft} change={change} audience={audience} />
      </SpaceBetween>
    </Container>
  );
}
