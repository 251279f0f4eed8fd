// What the screens read, as TanStack Query options: one key for one resource, so that a change is seen everywhere.

import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { call, readReadiness } from './client';
import { isPassing } from './problem';
import type {
  Analytics,
  Campaign,
  ContactDetail,
  DeliveryDetail,
  Environment,
  EventHealth,
  FilterField,
  FollowUp,
  FollowUpKind,
  Installation,
  ProviderTemplates,
  Quotas,
  RunHistory,
  Segment,
  Template,
} from './types';
import type { components } from './schema';

const environmentKey = 'environment';

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // Whether it is this request or the whole server is seen at the strip, which would ask much later by itself.
      onError: (error, { queryKey }) => {
        if (isPassing(error) && queryKey[0] !== environmentKey) {
          void client.invalidateQueries({ queryKey: [environmentKey] });
        }
      },
    }),
    defaultOptions: {
      // What the browser takes for being offline says nothing of a server on this machine; and nothing that was pressed
      // may wait unseen and be sent when a connection comes back.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        refetchOnReconnect: true,
        // What the request itself got wrong stays wrong; what the server could not do now may work soon.
        retry: (count, error) => count < 2 && isPassing(error),
        retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 5000),
        staleTime: 2_000,
      },
    },
  });
  return client;
}

const part = encodeURIComponent;

export const environmentQuery = queryOptions({
  queryKey: [environmentKey],
  queryFn: () => call<Environment>('GET', '/api/environment'),
  refetchInterval: (query) => (isPassing(query.state.error) ? 3_000 : 15_000),
});

export const campaignsQuery = (limit: number) =>
  queryOptions({
    queryKey: ['campaigns', limit],
    queryFn: () => call<components['schemas']['Campaigns']>('GET', '/api/campaigns', { query: { limit } }),
    refetchInterval: (query) =>
      query.state.data?.campaigns.some((c) => c.status === 'running' || c.status === 'scheduled') ? 1_500 : 10_000,
  });

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id],
    queryFn: () => call<Campaign>('GET', `/api/campaigns/${part(id)}`),
    // The stream ends with the campaign; carriers tell of deliveries some minutes longer.
    refetchInterval: ({ state: { data } }) => (data && awaitsEvents(data) ? 2_000 : false),
  });

const eventsComeFor = 10 * 60_000;

// Carriers may still tell of opens, clicks and replies.
export const isFresh = (campaign: Campaign) =>
  campaign.finished_at !== null && Date.now() - Date.parse(campaign.finished_at) < eventsComeFor;
const awaitsEvents = (campaign: Campaign) => isFresh(campaign) && campaign.delivered < campaign.accepted;

// Whom another campaign may follow one with that has ended; asked whenever it is to be shown.
export const followUpQuery = (kind: FollowUpKind, id: string) =>
  queryOptions({
    queryKey: ['follow_up', kind, id],
    queryFn: ({ signal }) => call<FollowUp>('GET', `/api/campaigns/${part(id)}/${kind}`, { signal }),
    staleTime: 0,
  });

export const analyticsQuery = (id: string) =>
  queryOptions({
    queryKey: ['analytics', id],
    queryFn: () => call<Analytics>('GET', `/api/analytics/campaigns/${part(id)}`),
  });

// How it ran so far, as the server kept it: over reloads of the page and restarts of the server.
export const historyQuery = (id: string, isOver: boolean) =>
  queryOptions({
    queryKey: ['history', id],
    queryFn: () => call<RunHistory>('GET', `/api/campaigns/${part(id)}/history`),
    refetchInterval: ({ state: { data } }) => (isOver ? false : 1000 * Math.max(2, data?.seconds_per_slice ?? 0)),
  });

export const quotasQuery = queryOptions({
  queryKey: ['quotas'],
  queryFn: () => call<Quotas>('GET', '/api/quotas'),
  refetchInterval: 60_000,
});

export const eventsQuery = queryOptions({
  queryKey: ['events'],
  queryFn: () => call<EventHealth>('GET', '/api/events'),
  refetchInterval: 5_000,
});

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['delivery', id],
    queryFn: () => call<DeliveryDetail>('GET', `/api/deliveries/${part(id)}`),
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id],
    queryFn: () => call<ContactDetail>('GET', `/api/contacts/${part(id)}`),
  });

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: () => call<components['schemas']['Stats']>('GET', '/api/stats'),
});

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async () => (await call<{ fields: FilterField[] }>('GET', '/api/audience/fields')).fields,
  staleTime: 60_000,
});

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async () => (await call<{ templates: Template[] }>('GET', '/api/templates')).templates,
});

export const templateVersionsQuery = (channel: string, name: string) =>
  queryOptions({
    queryKey: ['templates', channel, name],
    queryFn: async () =>
      (await call<{ versions: Template[] }>('GET', `/api/templates/${part(channel)}/${part(name)}/versions`)).versions,
  });

// What Meta says of the account's WhatsApp templates; it changes while one waits for an approval.
export const providerTemplatesQuery = queryOptions({
  queryKey: ['provider-templates'],
  queryFn: () => call<ProviderTemplates>('GET', '/api/provider-templates'),
  staleTime: 60_000,
});

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: async () => (await call<{ segments: Segment[] }>('GET', '/api/segments?limit=1000')).segments,
});

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: ['segments', id],
    queryFn: () => call<Segment>('GET', `/api/segments/${encodeURIComponent(id)}`),
  });

export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => call<Installation>('GET', '/api/installation'),
});

export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: readReadiness,
  refetchInterval: 10_000,
});
