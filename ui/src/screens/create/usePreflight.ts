// The preflight with what the server says now; asked only while the review is shown.

import { useQuery } from '@tanstack/react-query';
import { installationQuery, providerTemplatesQuery, readinessQuery, templatesQuery } from '../../api/queries';
import type { QueryResults } from '../../api/types';
import { useIsProduction } from '../../app/Environment';
import { verdictOf } from '../templates/provider';
import { defaultName, type Draft } from './draft';
import { preflightOf, type Check } from './preflight';

export function usePreflight(draft: Draft, audience: QueryResults | undefined, enabled: boolean): Check[] {
  const isProduction = useIsProduction();
  const readiness = useQuery({ ...readinessQuery, enabled });
  const installation = useQuery({ ...installationQuery, enabled });
  const templates = useQuery({ ...templatesQuery, enabled });
  const provider = useQuery({ ...providerTemplatesQuery, enabled });
  const name = draft.templates.whatsapp ?? defaultName(draft.sku);
  const template = templates.data?.find((one) => one.channel === 'whatsapp' && one.name === name);
  return preflightOf({
    draft,
    audience,
    isProduction,
    readiness: readiness.data,
    isUnreachable: readiness.isError,
    installation: installation.data,
    whatsapp: template ? { template, verdict: verdictOf(provider.data, template.definition) } : null,
  });
}
