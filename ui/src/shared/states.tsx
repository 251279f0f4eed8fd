// What a screen shows while it waits, when it failed, and when there is nothing.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { ApiError, nextStep } from '../api/problem';

export function Waiting({ text = 'Loading' }: { text?: string }) {
  return (
    <Box padding="xxl" textAlign="center" color="text-body-secondary">
      <Spinner size="large" />
      <Box padding={{ top: 's' }}>{text}</Box>
    </Box>
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
