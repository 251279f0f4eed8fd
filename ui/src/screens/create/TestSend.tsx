// The message to oneself, before anybody else gets it: a campaign of one recipient, at an address that is typed here.

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Channel, Message } from '../../api/types';
import { useIsProduction } from '../../app/Environment';
import { RouteLink } from '../../shared/RouteLink';
import { Failure } from '../../shared/states';
import { newCampaignId } from './draft';
import { testRecipient } from './testRecipient';

interface Answer {
  results: {
    campaign_id: string;
    total_sent: number;
    total_failed: number;
    total_skipped: number;
    total_in_doubt: number;
  };
}

function outcome({ results }: Answer): { type: 'success' | 'warning' | 'info'; text: string } {
  if (results.total_sent > 0) return { type: 'success', text: 'The carrier took it.' };
  if (results.total_failed + results.total_skipped > 0)
    return { type: 'warning', text: 'It was not sent; its delivery says why.' };
  if (results.total_in_doubt > 0)
    return { type: 'warning', text: 'Whether it was sent is in doubt; the carrier’s events will say.' };
  return { type: 'info', text: 'It is on its way.' };
}

export function TestSend({ channel, message }: { channel: Channel; message: Message }) {
  const isProduction = useIsProduction();
  const [address, setAddress] = useState('');
  const send = useMutation({
    mutationFn: () =>
      call<Answer>('POST', '/api/send-campaign', {
        body: {
          campaign_id: `test-${newCampaignId()}`,
          throughput_tps: 1,
          wait_seconds: 15,
          eligible_users: [testRecipient(channel, message, address.trim())],
        },
      }),
  });
  const came = send.data && outcome(send.data);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (address.trim()) send.mutate();
      }}
    >
      <SpaceBetween size="s">
        <FormField
          label={isProduction ? 'Send this message to yourself' : 'Simulate this message to yourself'}
          constraintText={channel === 'email' ? undefined : 'With country code, such as +14255550156.'}
        >
          <SpaceBetween direction="horizontal" size="xs">
            <Input
              value={address}
              placeholder={channel === 'email' ? 'you@example.com' : '+14255550156'}
              ariaLabel="Your address"
              onChange={({ detail }) => setAddress(detail.value)}
            />
            <Button formAction="submit" loading={send.isPending} disabled={!address.trim()}>
              {isProduction ? 'Send test' : 'Simulate test'}
            </Button>
          </SpaceBetween>
        </FormField>
        {send.error && <Failure error={send.error} />}
        {came && (
          <Alert type={came.type}>
            {came.text}{' '}
            <RouteLink to={`/campaigns/${encodeURIComponent(send.data.results.campaign_id)}/recipients`}>
              See its delivery
            </RouteLink>
          </Alert>
        )}
      </SpaceBetween>
    </form>
  );
}
