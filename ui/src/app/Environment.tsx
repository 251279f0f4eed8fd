// The strip that is always in sight: what pressing Send would do here.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ApiError } from '../api/problem';
import { environmentQuery } from '../api/queries';

export function useIsProduction(): boolean {
  return useQuery(environmentQuery).data?.is_production ?? false;
}

// "Simulate" where carriers are simulated, "Send campaign" where people get messages.
export function useSendVerb(): string {
  return useIsProduction() ? 'Send campaign' : 'Simulate';
}

// What failed while the server was away is asked again once it is back.
function useRecovery(): void {
  const client = useQueryClient();
  const { error, isSuccess } = useQuery(environmentQuery);
  const wasAway = useRef(false);
  useEffect(() => {
    if (error) wasAway.current = true;
    if (!isSuccess || !wasAway.current) return;
    wasAway.current = false;
    void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null });
  }, [client, error, isSuccess]);
}

function unknownTexts(error: unknown): [string, string] {
  if (!error) return ['CONNECTING', 'Asking the server…'];
  if (error instanceof ApiError && (error.status === 401 || error.status === 403))
    return ['NO TOKEN', 'This server answers only to those who have a token that may read.'];
  return error instanceof ApiError && !error.isOffline
    ? ['SERVER TROUBLE', `The server answers ${error.status}; the page asks again by itself.`]
    : ['NO CONNECTION', 'The server cannot be reached; the page tries again by itself.'];
}

export function EnvironmentStrip() {
  const { data, error } = useQuery(environmentQuery);
  useRecovery();
  if (error || !data) {
    const [title, text] = unknownTexts(error);
    return (
      <div className="environment environment-unknown" role="status">
        <strong>{title}</strong>
        <span>{text}</span>
      </div>
    );
  }
  const kind = data.is_production ? 'production' : 'local';
  return (
    <div className={`environment environment-${kind}`} role="status">
      <strong>{kind.toUpperCase()}</strong>
      <span>{data.is_production ? 'Messages go to real people.' : 'Simulated: nothing leaves this machine.'}</span>
    </div>
  );
}
