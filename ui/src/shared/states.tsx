// What a screen shows while it waits, when it failed, and when there is nothing.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import LiveRegion from '@cloudscape-design/components/live-region';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { ApiError, nextStep } from '../api/problem';

// Of a TanStack query, what is needed to show how far it is.
export interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

// The shape of what comes, so that little moves when it does; said once to those who cannot see it.
export function Waiting({ text = 'Loading', isShort = false }: { text?: string; isShort?: boolean }) {
  return (
    <div className="waiting">
      <LiveRegion hidden>{text}</LiveRegion>
      <div aria-hidden="true">
        <SpaceBetween size="m">
          {!isShort && <Skeleton variant="text-heading-l" width="40%" />}
          <Skeleton width="100%" />
          {!isShort && <Skeleton width="85%" />}
          {!isShort && <Skeleton width="100%" height="8rem" />}
        </SpaceBetween>
      </div>
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const isApi = error instanceof ApiError;
  return (
    <Alert
      type="error"
      header={isApi ? error.title : 'Something failed in the page'}
      action={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      {error instanceof Error ? error.message : String(error)} {nextStep(error)}
      {isApi && error.requestId && error.status >= 500 && (
        <Box fontSize="body-s" color="text-body-secondary">
          Request {error.requestId}, for the server's log.
        </Box>
      )}
    </Alert>
  );
}

// What was asked for; until it is there its shape, or why it is not and what to do. An answer that cannot be renewed stays.
export function Answer<T>({
  query,
  text,
  title,
  shape = <Waiting text={text} />,
  children,
}: {
  query: Asked<T>;
  text?: string;
  shape?: ReactNode; // of what comes, where the usual one would be much smaller or larger
  title?: string; // of a screen whose own heading comes with the answer
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined) return <>{children(data)}</>;
  return (
    <SpaceBetween size="l">
      {title && <Header variant="h1">{title}</Header>}
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : shape}
    </SpaceBetween>
  );
}

// The same for the rows of a table, whose head and filters stay in place.
export function tableStates(query: Asked<unknown>, loadingText: string, empty: ReactNode) {
  const { data, error, refetch } = query;
  return {
    loading: data === undefined && !error,
    loadingText,
    skeleton: { totalRows: 8 },
    empty: data === undefined && error ? <Failure error={error} onRetry={() => void refetch()} /> : empty,
  };
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="xs">
        <Box variant="strong">{title}</Box>
        {children && <Box color="text-body-secondary">{children}</Box>}
        {action}
      </SpaceBetween>
    </Box>
  );
}
