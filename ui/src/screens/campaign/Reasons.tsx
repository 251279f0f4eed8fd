// Why some did not get their message: each class in a sentence that says what it means and what can be done, with the
// way to the people themselves.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { channelNames, number, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { DeliveryStateLabel } from '../../shared/Status';
import { tableStates } from '../../shared/states';
import { inOrder, listedOf, type Reason } from './reasons';

// The ledger with this reason's rows; `base` is the ledger's address.
function rowsPath(base: string, reason: Reason): string {
  const query = new URLSearchParams({ state: reason.state, reason: reason.reason });
  if (reason.channel) query.set('channel', reason.channel);
  return `${base}?${query}`;
}

export function Reasons({
  reasons,
  isLoading,
  failure = null,
  ledger,
}: {
  reasons: readonly Reason[];
  isLoading: boolean;
  failure?: { error: unknown; retry: () => void } | null;
  ledger?: string; // address of the ledger that holds these rows
}) {
  const [wantsAll, setWantsAll] = useState(false);
  const listed = listedOf(reasons.length, wantsAll);
  return (
    <Table
      variant="container"
      items={failure ? [] : inOrder(reasons).slice(0, listed)}
      footer={
        listed < reasons.length && (
          <Box textAlign="center">
            <Button variant="inline-link" onClick={() => setWantsAll(true)}>
              Show all {number(reasons.length)}
            </Button>
          </Box>
        )
      }
      {...tableStates(
        {
          data: isLoading || failure ? undefined : reasons,
          error: failure?.error ?? null,
          refetch: () => failure?.retry(),
        },
        'Counting reasons',
        'Nobody was left out so far.',
      )}
      wrapLines
      header={<Header variant="h2">Why some got no message</Header>}
      ariaLabels={{ tableLabel: 'Reasons' }}
      columnDefinitions={[
        {
          id: 'count',
          header: 'People',
          minWidth: 80,
          cell: (r) => {
            const count = <span className="numeric">{number(r.count)}</span>;
            if (!ledger) return count;
            const who = `${number(r.count)} people: ${words(r.reason)}${r.channel ? `, ${channelNames[r.channel]}` : ''}`;
            return (
              <RouteLink to={rowsPath(ledger, r)} ariaLabel={who}>
                {count}
              </RouteLink>
            );
          },
        },
        {
          id: 'reason',
          header: 'Why, and what to do',
          isRowHeader: true,
          minWidth: 250,
          cell: (r) => (
            <>
              {words(r.reason)}
              <Box color="text-body-secondary" fontSize="body-s" fontWeight="normal">
                {r.reason_text ?? 'Each delivery says what happened.'}
              </Box>
            </>
          ),
        },
        { id: 'state', header: 'State', minWidth: 130, cell: (r) => <DeliveryStateLabel state={r.state} /> },
        {
          id: 'channel',
          header: 'Channel',
          minWidth: 110,
          cell: (r) => (r.channel ? channelNames[r.channel] : 'None'),
        },
      ]}
    />
  );
}
