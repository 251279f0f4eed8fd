// What they read: a template for each channel, shown as a real person of this audience gets it.

import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { templatesQuery } from '../../api/queries';
import { channels, type Channel } from '../../api/types';
import { channelNames, number } from '../../shared/format';
import { Answer, Waiting } from '../../shared/states';
import { ChannelContent } from './ChannelContent';
import type { StepProps } from './step';

export function ContentStep(props: StepProps) {
  const { audience, draft } = props;
  const templates = useQuery(templatesQuery);
  const first = channels.find((c) => (audience?.after_metrics.messages_by_channel[c] ?? 0) > 0) ?? 'sms';
  const [active, setActive] = useState<Channel>(first);
  if (!audience) return <Waiting text="Counting people" />;
  return (
    <Container>
      <Answer query={templates} text="Reading the templates">
        {(known) => (
          <SpaceBetween size="m">
            {draft.clonedFrom && (
              <Alert type="info">
                Audience and rules are those of {draft.clonedFrom}; its content is not taken over. Choose what this
                campaign says.
              </Alert>
            )}
            <Tabs
              ariaLabel="Channels"
              i18nStrings={{ scrollLeftAriaLabel: 'Channels before', scrollRightAriaLabel: 'More channels' }}
              activeTabId={active}
              onChange={({ detail }) => setActive(detail.activeTabId as Channel)}
              tabs={channels.map((channel) => ({
                id: channel,
                label: `${channelNames[channel]} (${number(audience.after_metrics.messages_by_channel[channel])})`,
                content: <ChannelContent {...props} audience={audience} channel={channel} templates={known} />,
              }))}
            />
          </SpaceBetween>
        )}
      </Answer>
    </Container>
  );
}
