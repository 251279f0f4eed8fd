// Start, pause, resume and cancel of one campaign: only what its state allows is offered.

import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { campaignQuery } from '../api/queries';
import type { Campaign } from '../api/types';
import { useNotices } from '../app/notices';
import { Confirm } from './Confirm';
import { hasEnded, number } from './format';

type Action = 'start' | 'pause' | 'resume' | 'cancel';
const done: Record<Action, string> = {
  start: 'has started',
  pause: 'is paused',
  resume: 'goes on',
  cancel: 'is cancelled',
};

export function useCampaignAction() {
  const client = useQueryClient();
  const { succeed, fail } = useNotices();
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: Action }) =>
      call<Campaign>('POST', `/api/campaigns/${encodeURIComponent(id)}/${action}`),
    onSuccess: (campaign, { id, action }) => {
      client.setQueryData(campaignQuery(id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      succeed(`Campaign ${campaign.name || id} ${done[action]}.`);
    },
    onError: (error, { action }) => fail(`Could not ${action} the campaign`, error),
  });
}

export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const action = useCampaignAction();
  const [isAsking, setAsking] = useState(false);
  const run = (name: Action) => action.mutate({ id: campaign.campaign_id, action: name });
  const waiting = campaign.waiting + campaign.sending;
  if (hasEnded(campaign)) return null;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {campaign.status === 'scheduled' && (
        <Button iconName="play" loading={action.isPending} onClick={() => run('start')}>
          Start now
        </Button>
      )}
      {campaign.status === 'paused' ? (
        <Button iconName="play" variant="primary" loading={action.isPending} onClick={() => run('resume')}>
          Resume
        </Button>
      ) : (
        <Button iconName="pause" loading={action.isPending} onClick={() => run('pause')}>
          Pause
        </Button>
      )}
      <Button onClick={() => setAsking(true)} disabled={action.isPending}>
        Cancel campaign
      </Button>
      <Confirm
        isOpen={isAsking}
        question="Cancel this campaign?"
        keep="Keep it"
        act="Cancel campaign"
        onClose={() => setAsking(false)}
        onAct={() => run('cancel')}
      >
        {waiting === 0
          ? 'Nobody waits any more. This cannot be undone.'
          : `${number(waiting)} people who still wait will be skipped. What was sent stays sent. This cannot be undone.`}
      </Confirm>
    </SpaceBetween>
  );
}
