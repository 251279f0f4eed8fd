// Sends to the failed of a campaign again, after saying to how many: the server says who of them may be.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../../api/client';
import { campaignQuery, retryQuery } from '../../api/queries';
import type { Campaign, Retry } from '../../api/types';
import { useSendVerb } from '../../app/Environment';
import { useNotices } from '../../app/notices';
import { number } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Answer } from '../../shared/states';
import { campaignPath } from '../campaigns/columns';
import { confirmAbove } from '../create/checks';

export function RetryFailed({ campaign }: { campaign: Campaign }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>Retry failed</Button>
      {isAsking && <Question campaign={campaign} onClose={() => setAsking(false)} />}
    </>
  );
}

function Question({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const id = campaign.campaign_id;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { fail } = useNotices();
  const sendVerb = useSendVerb();
  const [typed, setTyped] = useState('');
  const retry = useQuery(retryQuery(id));
  const send = useMutation({
    mutationFn: () => call<Campaign>('POST', `/api/campaigns/${encodeURIComponent(id)}/retry`),
    onSuccess: (made) => {
      client.setQueryData(campaignQuery(made.campaign_id).queryKey, made);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate(campaignPath(made.campaign_id));
    },
    onError: (error) => {
      onClose();
      fail('The failed were not sent to again', error);
    },
  });
  const recipients = retry.data?.recipients ?? 0;
  const isLarge = recipients >= confirmAbove;
  const isOpenable = retry.data !== undefined && !retry.data.is_made && recipients > 0;
  return (
    <Modal
      visible
      onDismiss={onClose}
      header="Retry those who failed?"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {isOpenable ? 'Not now' : 'Close'}
            </Button>
            {isOpenable && (
              <Button
                variant="primary"
                loading={send.isPending}
                disabled={isLarge && typed.trim() !== String(recipients)}
                onClick={() => send.mutate()}
              >
                {sendVerb}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <Answer query={retry} text="Counting who may be sent to again">
        {(answer) => (
          <SpaceBetween size="m">
            <Said campaign={campaign} retry={answer} />
            {isLarge && isOpenable && (
              <FormField label={`Type ${recipients} to confirm`}>
                <Input value={typed} inputMode="numeric" onChange={({ detail }) => setTyped(detail.value)} />
              </FormField>
            )}
          </SpaceBetween>
        )}
      </Answer>
    </Modal>
  );
}

function Said({ campaign, retry }: { campaign: Campaign; retry: Retry }) {
  if (retry.is_made) {
    return (
      <Box>
        They were sent to again already, in{' '}
        <RouteLink to={campaignPath(retry.campaign_id)}>{retry.campaign_id}</RouteLink>; nobody is sent to twice.
      </Box>
    );
  }
  const who = 'the carrier refused the message or was too busy for it';
  const others =
    'Wrong addresses, opt-outs, what was accepted and what is in doubt are left out; consent, suppressions and caps are checked again.';
  if (retry.recipients === 0) {
    return <Box>{`Nobody failed because ${who}, so nobody can be retried. ${others}`}</Box>;
  }
  return (
    <SpaceBetween size="xs">
      <Box>
        {`${number(retry.recipients)} of ${number(campaign.failed)} failed because ${who}. They get the same message as ` +
          `a new campaign, ${retry.campaign_id}, at ${retry.throughput_tps} messages a second on each channel.`}
      </Box>
      <Box color="text-body-secondary">{others}</Box>
    </SpaceBetween>
  );
}
