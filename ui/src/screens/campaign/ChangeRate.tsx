// The rate of a campaign, changed while it runs; it acts at once.

import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { useNotices } from '../../app/notices';
import { parseRate } from '../create/rate';

export function ChangeRate({ campaign }: { campaign: Campaign }) {
  const client = useQueryClient();
  const { succeed, fail } = useNotices();
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const rate = parseRate(text);
  const change = useMutation({
    mutationFn: (throughput_tps: number) =>
      call<Campaign>('PATCH', `/api/campaigns/${encodeURIComponent(campaign.campaign_id)}`, {
        body: { throughput_tps },
      }),
    onSuccess: (changed) => {
      client.setQueryData(campaignQuery(campaign.campaign_id).queryKey, changed);
      setText('');
      setTried(false);
      succeed(`The rate is now ${changed.throughput_tps} per second on each channel.`);
    },
    onError: (error) => fail('Could not change the rate', error),
  });
  const submit = () => {
    setTried(true);
    if (rate.ok) change.mutate(rate.value);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormField
        label="New rate"
        description="Messages per second on each channel"
        errorText={isTried && !rate.ok ? rate.error : undefined}
      >
        <SpaceBetween direction="horizontal" size="xs">
          <Input
            value={text}
            inputMode="decimal"
            placeholder={String(campaign.throughput_tps)}
            onChange={({ detail }) => setText(detail.value)}
          />
          <Button formAction="submit" loading={change.isPending}>
            Change rate
          </Button>
        </SpaceBetween>
      </FormField>
    </form>
  );
}
