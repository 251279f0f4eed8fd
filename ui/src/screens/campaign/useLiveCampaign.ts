// One campaign as it is now: its document by server-sent events, and the rates seen since this page was opened.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followEvents } from '../../api/event_stream';
import type { ApiError } from '../../api/problem';
import { campaignQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { hasEnded } from '../../shared/format';
import { addSample, type Sample } from './samples';

export interface LiveCampaign {
  campaign: Campaign | undefined;
  error: unknown;
  connection: 'live' | 'reconnecting';
  samples: readonly Sample[];
}

// Kept while the page is open, so that going to another screen and back loses nothing.
const history = new Map<string, readonly Sample[]>();

export function useLiveCampaign(id: string): LiveCampaign {
  const client = useQueryClient();
  const { data, error } = useQuery(campaignQuery(id));
  const [connection, setConnection] = useState<'live' | 'reconnecting'>('live');
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [samples, setSamples] = useState<readonly Sample[]>(history.get(id) ?? []);
  const isOver = data !== undefined && hasEnded(data);

  useEffect(() => {
    setSamples(history.get(id) ?? []);
    setRefusal(null);
  }, [id]);

  useEffect(() => {
    if (isOver || !data) return;
    const abort = new AbortController();
    void followEvents(
      `/api/campaigns/${encodeURIComponent(id)}/stream`,
      {
        onEvent: (event) => {
          if (event.event !== 'progress' && event.event !== 'end') return;
          const campaign = JSON.parse(event.data) as Campaign;
          client.setQueryData(campaignQuery(id).queryKey, campaign);
          const next = addSample(history.get(id) ?? [], campaign, Date.now());
          history.set(id, next);
          setSamples(next);
        },
        onState: setConnection,
        onRefused: setRefusal,
      },
      abort.signal,
    );
    return () => abort.abort();
    // A campaign that goes on after its end (it cannot) or begins to be known starts a new stream.
  }, [client, id, isOver, data === undefined]);

  return { campaign: data, error: refusal ?? error, connection, samples };
}
