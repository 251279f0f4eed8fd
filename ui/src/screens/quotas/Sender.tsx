// One sender: what its provider allows and has counted, and what Clarion keeps to.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Allowance, Channel, SenderQuotas } from '../../api/types';
import { useFitting } from '../../shared/fitting';
import { channelNames, decimal, number } from '../../shared/format';
import { Time } from '../../shared/Time';
import { figureName, figureOf, figureText, usedShare } from './figures';

const signs = { fine: 'success', warning: 'warning', stopped: 'error' } as const;
const units: Record<Channel, string> = { sms: 'message parts', whatsapp: 'messages', email: 'recipients' };

function Kind({ sender }: { sender: SenderQuotas }) {
  if (sender.is_simulated) return <StatusIndicator type="info">Simulated: it allows everything</StatusIndicator>;
  if (!sender.is_set_up)
    return <StatusIndicator type="stopped">Not set up; clarion doctor says what is missing</StatusIndicator>;
  return <StatusIndicator type="success">Set up</StatusIndicator>;
}

function Figure({ row }: { row: Allowance }) {
  const share = usedShare(row);
  if (share === null) return <span className="numeric">{figureText(row)}</span>;
  return (
    <ProgressBar
      value={100 * share}
      ariaLabel={`${figureName(row.figure)}: used`}
      additionalInfo={<span className="numeric">{figureText(row)}</span>}
    />
  );
}

function Figures({ channel, rows }: { channel: Channel; rows: readonly Allowance[] }) {
  return (
    <Table
      variant="embedded"
      items={[...rows]}
      wrapLines
      ariaLabels={{ tableLabel: `What ${channelNames[channel]} may send` }}
      columnDefinitions={useFitting<Allowance>([
        {
          id: 'figure',
          header: 'What',
          isRowHeader: true,
          minWidth: 190,
          cell: (row) => (
            <>
              {figureName(row.figure)}
              {figureOf(row) && (
                <Box color="text-body-secondary" fontSize="body-s">
                  {figureOf(row)}
                </Box>
              )}
            </>
          ),
        },
        { id: 'value', header: 'Used and allowed', minWidth: 200, cell: (row) => <Figure row={row} /> },
        {
          id: 'state',
          header: 'State',
          minWidth: 260,
          cell: (row) => (
            <StatusIndicator type={signs[row.state]} wrapText>
              {row.note ?? 'Fine'}
            </StatusIndicator>
          ),
        },
        {
          id: 'source',
          header: 'Said by',
          minWidth: 200,
          cell: (row) => (
            <>
              {row.source}
              <Box color="text-body-secondary" fontSize="body-s">
                <Time at={row.at} />
              </Box>
            </>
          ),
        },
      ])}
    />
  );
}

export function Sender({ channel, sender, ceiling }: { channel: Channel; sender: SenderQuotas; ceiling: number }) {
  const { held_to: held, this_process: counts } = sender;
  return (
    <Container
      header={
        <Header variant="h2" description={sender.identity ?? undefined}>
          {channelNames[channel]}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={4}
          minColumnWidth={160}
          items={[
            { label: 'Sender', value: <Kind sender={sender} /> },
            {
              label: 'Clarion keeps to',
              value: held ? (
                <>
                  {decimal(held.per_second)} {units[channel]} per second, {number(held.burst)} at once
                  <Box color="text-body-secondary" fontSize="body-s">
                    {held.source}
                  </Box>
                </>
              ) : (
                <>
                  {decimal(ceiling)} {units[channel]} per second
                  <Box color="text-body-secondary" fontSize="body-s">
                    The ceiling of this server; no rate of the provider is known.
                  </Box>
                </>
              ),
            },
            {
              label: 'Accepted since its start',
              value: <span className="numeric">{number(counts.accepted)}</span>,
            },
            {
              label: 'Throttled since then',
              value: <span className="numeric">{number(counts.throttled)}</span>,
            },
          ]}
        />
        {sender.problem && (
          <Alert type="warning" header="Not everything could be read">
            {sender.problem}
          </Alert>
        )}
        {sender.figures.length > 0 && <Figures channel={channel} rows={sender.figures} />}
      </SpaceBetween>
    </Container>
  );
}
