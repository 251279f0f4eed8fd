import { useQuery } from '@tanstack/react-query';
import { providerTemplatesQuery } from '../../api/queries';
import { Failure } from '../../shared/states';
import { Verdict } from '../../shared/Verdict';
import { verdictOf } from './provider';

const signs = { approved: 'success', refused: 'error', absent: 'error', unknown: 'info' } as const;

// Whether Meta lets this WhatsApp template be sent.
export function ProviderStatus({ definition }: { definition: unknown }) {
  const provider = useQuery(providerTemplatesQuery);
  if (provider.error && !provider.data)
    return <Failure error={provider.error} onRetry={() => void provider.refetch()} />;
  const verdict = verdictOf(provider.data, definition);
  if (!verdict) return <Verdict type="loading">Asking what Meta says of it</Verdict>;
  return <Verdict type={signs[verdict.kind]}>{verdict.text}</Verdict>;
}
