// How near the bounces and complaints of email are to where AWS reviews or stops an account.

import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { finePercent, number } from '../../shared/format';
import { Failure, Waiting } from '../../shared/states';
import type { NewestSums } from './useSums';

// Amazon SES, "Reputation metrics": an account is reviewed from 5 % bounces and 0.1 % complaints, and sending may be
// paused from 10 % and 0.5 %. Read in November 2026.
const thresholds = {
  bounced: { name: 'Bounces', review: 0.05, pause: 0.1 },
  complained: { name: 'Complaints', review: 0.001, pause: 0.005 },
} as const;

function Gauge({ kind, count, sent }: { kind: keyof typeof thresholds; count: number; sent: number }) {
  const { name, review, pause } = thresholds[kind];
  const share = sent === 0 ? 0 : count / sent;
  const level = share >= pause ? 'bad' : share >= review ? 'warned' : 'good';
  const at = (part: number) => `${Math.min(100, (100 * part) / pause)}%`;
  return (
    <div>
      <Box>
        {name} of email: <strong>{finePercent(share)}</strong>{' '}
        <Box variant="span" color="text-body-secondary" fontSize="body-s">
          {number(count)} of {number(sent)} sent
        </Box>
      </Box>
      <div
        className="gauge"
        role="meter"
        aria-label={`${name} of email`}
        aria-valuemin={0}
        aria-valuemax={pause}
        aria-valuenow={Math.min(pause, share)}
        aria-valuetext={`${finePercent(share)}; AWS reviews an account from ${finePercent(review)} and may pause it from ${finePercent(pause)}`}
      >
        <span className="bar-room">
          <span className={`bar gauge-${level}`} style={{ inlineSize: at(share) }} />
        </span>
        <span className="gauge-mark" style={{ insetInlineStart: at(review) }} />
      </div>
      <div className="gauge-scale" aria-hidden="true">
        <span style={{ insetInlineStart: at(review) }}>{finePercent(review)} review</span>
        <span>{finePercent(pause)} pause</span>
      </div>
      {share >= review && (
        <StatusIndicator type={share >= pause ? 'error' : 'warning'}>
          {share >= pause
            ? 'AWS may pause this account: stop and clean the list.'
            : 'AWS may review this account: clean the list.'}
        </StatusIndicator>
      )}
    </div>
  );
}

interface Props {
  newest: NewestSums;
  description?: string;
}

export function Gauges({ newest: { sums, isLoading, failure }, description = 'Of the same campaigns.' }: Props) {
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={description}>
          Reputation
        </Header>
      }
    >
      {failure ? (
        <Failure error={failure.error} onRetry={failure.retry} />
      ) : isLoading ? (
        <Waiting text="Adding bounces and complaints up" />
      ) : sums.emailsSent === 0 ? (
        <Box color="text-body-secondary">No email was sent in these campaigns.</Box>
      ) : (
        <ColumnLayout columns={2} minColumnWidth={260}>
          <Gauge kind="bounced" count={sums.bounced} sent={sums.emailsSent} />
          <Gauge kind="complained" count={sums.complained} sent={sums.emailsSent} />
        </ColumnLayout>
      )}
    </Container>
  );
}
