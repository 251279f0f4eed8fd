// The preflight with what the server says now; asked only while the review is shown.

import { useQuery } from '@tanstack/react-query';
import { installationQuery, providerTemplatesQuery, readinessQuery, templatesQuery } from '../../api/queries';
import type { QueryResults, Template } from '../../api/types';
import { useIsProduction } from '../../app/Environment';
import { verdictOf, type ProviderVerdict } from '../templates/provider';
import { defaultName, type Draft } from './draft';
import { preflightOf, type Check } from './preflight';

// A check that got no answer is made again.
const again = ({ state }: { state: { status: string } }) => (state.status === 'error' ? 5_000 : false);
const unasked: ProviderVerdict = {
  kind: 'unknown',
  status: 'NOT CHECKED',
  text: 'What Meta says of the WhatsApp template could not be read; the page asks again by itself.',
};

export function usePreflight(draft: Draft, audience: QueryResults | undefined, enabled: boolean): Check[] {
  const isProduction = useIsProduction();
  const readiness = useQuery({ ...readinessQuery, enabled });
  const installation = useQuery({ ...installationQuery, enabled, refetchInterval: again });
  const templates = useQuery({ ...templatesQuery, enabled, refetchInterval: again });
  const provider = useQuery({ ...providerTemplatesQuery, enabled, refetchInterval: again });
  const name = draft.templates.whatsapp ?? defaultName(draft.sku);
  const template = templates.data?.find((one) => one.channel === 'whatsapp' && one.name === name);
  const verdictFor = ({ definition }: Template) =>
    provider.isError && !provider.data ? unasked : verdictOf(provider.data, definition);
  return preflightOf({
    draft,
    audience,
    isProduction,
    readiness: readiness.data,
    isUnreachable: readiness.isError,
    installation: templates.data && installation.data,
    isUnknown: installation.isError || templates.isError,
    whatsapp: template ? { template, verdict: verdictFor(template) } : null,
  });
}
