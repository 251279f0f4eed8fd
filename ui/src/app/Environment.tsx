// The strip that is always in sight: what pressing Send would do here.

import { useQuery } from '@tanstack/react-query';
import { environmentQuery } from '../api/queries';

export function useIsProduction(): boolean {
  return useQuery(environmentQuery).data?.is_production ?? false;
}

// "Simulate" where carriers are simulated, "Send campaign" where people get messages.
export function useSendVerb(): string {
  return useIsProduction() ? 'Send campaign' : 'Simulate';
}

export function EnvironmentStrip() {
  const { data, error } = useQuery(environmentQuery);
  if (error || !data) {
    return (
      <div className="environment environment-unknown" role="status">
        <strong>{error ? 'NO CONNECTION' : 'CONNECTING'}</strong>
        <span>{error ? 'The server cannot be reached; the page tries again by itself.' : 'Asking the server…'}</span>
      </div>
    );
  }
  const kind = data.is_production ? 'production' : 'local';
  return (
    <div className={`environment environment-${kind}`} role="status">
      <strong>{kind.toUpperCase()}</strong>
      <span>
        {data.is_production
          ? 'Messages go to real people through your AWS account.'
          : 'Carriers are simulated: nothing leaves this machine.'}
      </span>
    </div>
  );
}
