// Sends to the failed of a campaign as another one, again or by another channel, after saying to how many: the server says
// who of them is meant.

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
import { campaignQuery, followUpQuery } from '../../api/queries';
import type { Campaign, FollowUp, FollowUpKind } from '../../api/types';
import { useSendVerb } from '../../app/Environment';
import { useNotices } from '../../app/notices';
import { number } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { Answer } from '../../shared/states';
import { campaignPath } from '../campaigns/columns';
import { confirmAbove } from '../create/checks';

const sentences = {
  retry: {
    question: 'Retry those who failed?',
    counting: 'Counting who may be sent to again',
    failed: 'The failed were not sent to again',
    made: 'They were sent to again already, in',
    who: 'the carrier refused the message or was too busy for it',
    get: 'They get the same message',
    others:
      'Wrong addresses, opt-outs, what was accepted and what is in doubt are left out; consent, suppressions and caps are checked again.',
  },
  fallback: {
    question: 'Send by another channel?',
    counting: 'Counting whom their channel did not reach',
    failed: 'Nothing was sent by another channel',
    made: 'They were sent to by another channel already, in',
    who: 'their channel does not reach them: the address is wrong or dead, or the phone could not be reached',
    get: 'They get the message on another channel',
    others:
      'Who has no other channel is skipped. Opt-outs, complaints, what was accepted and what is in doubt are left out; consent, suppressions and caps are checked again.',
  },
} satisfies Record<FollowUpKind, Record<string, string>>;

export function RetryFailed({ campaign }: { campaign: Campaign }) {
  return <Asking campaign={campaign} kind="retry" label="Retry failed" />;
}

// Nothing where there is nobody to write to so.
export function SendByAnotherChannel({ campaign }: { campaign: Campaign }) {
  const { data } = useQuery(followUpQuery('fallback', campaign.campaign_id));
  if (!data || data.recipients === 0) return null;
  return <Asking campaign={campaign} kind="fallback" label={`Send by another channel (${number(data.recipients)})`} />;
}

function Asking({ campaign, kind, label }: { campaign: Campaign; kind: FollowUpKind; label: string }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{label}</Button>
      {isAsking && <Question campaign={campaign} kind={kind} onClose={() => setAsking(false)} />}
    </>
  );
}

function Question({ campaign, kind, onClose }: { campaign: Campaign; kind: FollowUpKind; onClose: () => void }) {
  const id = campaign.campaign_id;
  const said = sentences[kind];
  const client = useQueryClient();
  const navigate = useNavigate();
  const { fail } = useNotices();
  const sendVerb = useSendVerb();
  const [typed, setTyped] = useState('');
  const count = useQuery(followUpQuery(kind, id));
  const send = useMutation({
    mutationFn: () => call<Campaign>('POST', `/api/campaigns/${encodeURIComponent(id)}/${kind}`),
    onSuccess: (made) => {
      client.setQueryData(campaignQuery(made.campaign_id).queryKey, made);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate(campaignPath(made.campaign_id));
    },
    onError: (error) => {
      onClose();
      fail(said.failed, error);
    },
  });
  const recipients = count.data?.recipients ?? 0;
  const isLarge = recipients >= confirmAbove;
  const isOpenable = count.data !== undefined && !count.data.is_made && recipients > 0;
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={said.question}
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
      <Answer query={count} text={said.counting}>
        {(answer) => (
          <SpaceBetween size="m">
            <Said campaign={campaign} kind={kind} answer={answer} />
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

function Said({ campaign, kind, answer }: { campaign: Campaign; kind: FollowUpKind; answer: FollowUp }) {
  const { made, who, get, others } = sentences[kind];
  if (answer.is_made) {
    return (
      <Box>
        {made} <RouteLink to={campaignPath(answer.campaign_id)}>{answer.campaign_id}</RouteLink>; nobody is sent to
        twice.
      </Box>
    );
  }
  if (answer.recipients === 0) {
    return <Box>{`Nobody failed because ${who}, so there is nobody to send to. ${others}`}</Box>;
  }
  return (
    <SpaceBetween size="xs">
      <Box>
        {`${number(answer.recipients)} of ${number(campaign.failed)} failed because ${who}. ${get} as a new campaign, ` +
          `${answer.campaign_id}, at ${answer.throughput_tps} messages a second on each channel.`}
      </Box>
      <Box color="text-body-secondary">{others}</Box>
    </SpaceBetween>
  );
}
