// One campaign as it is now: its document by server-sent events, which go on after a lost connection or a restart.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followEvents } from '../../api/event_stream';
import type { ApiError } from '../../api/problem';
import { campaignQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { hasEnded } from '../../shared/format';

export interface LiveCampaign {
  campaign: Campaign | undefined;
  error: unknown;
  retry: () => void;
  connection: 'live' | 'reconnecting';
}

export function useLiveCampaign(id: string): LiveCampaign {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(campaignQuery(id));
  const [connection, setConnection] = useState<'live' | 'reconnecting'>('live');
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const isOver = data !== undefined && hasEnded(data);

  useEffect(() => setRefusal(null), [id]);

  useEffect(() => {
    if (isOver || !data) return;
    const abort = new AbortController();
    void followEvents(
      `/api/campaigns/${encodeURIComponent(id)}/stream`,
      {
        onEvent: (event) => {
          if (event.event !== 'progress' && event.event !== 'end') return;
          client.setQueryData(campaignQuery(id).queryKey, JSON.parse(event.data) as Campaign);
        },
        onState: setConnection,
        onRefused: setRefusal,
      },
      abort.signal,
    );
    return () => abort.abort();
    // A campaign that goes on after its end (it cannot) or begins to be known starts a new stream.
  }, [client, id, isOver, data === undefined]);

  const retry = () => {
    setRefusal(null);
    void refetch();
  };
  return { campaign: data, error: refusal ?? error, retry, connection };
}
