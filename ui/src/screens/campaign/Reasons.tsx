// Why some did not get their message: each class in a sentence that says what it means and what can be done, with the
// way to the people themselves.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useState } from 'react';
import { channelNames, number, words } from '../../shared/format';
import { RouteLink } from '../../shared/RouteLink';
import { DeliveryStateLabel } from '../../shared/Status';
import { Failure, Waiting } from '../../shared/states';
import { grouped, listedOf, type Reason, type ReasonGroup } from './reasons';

// The ledger with this reason's rows; `base` is the ledger's address.
function rowsPath(base: string, reason: Pick<Reason, 'state' | 'reason'>, channel: Reason['channel'] = null): string {
  const query = new URLSearchParams({ state: reason.state, reason: reason.reason });
  if (channel) query.set('channel', channel);
  return `${base}?${query}`;
}

function Part({ row, name, ledger }: { row: Reason; name: string; ledger: string }) {
  if (!row.channel) return <>any channel {number(row.count)}</>;
  const text = `${channelNames[row.channel]} ${number(row.count)}`;
  return (
    <RouteLink fontSize="body-s" to={rowsPath(ledger, row, row.channel)} ariaLabel={`${text}: ${name}`}>
      {text}
    </RouteLink>
  );
}

function Group({ group, ledger }: { group: ReasonGroup; ledger: string }) {
  const name = words(group.reason);
  const parts = group.rows.some((row) => row.channel) ? group.rows : [];
  return (
    <li>
      <span className="reason-count numeric">
        <RouteLink to={rowsPath(ledger, group)} ariaLabel={`${number(group.count)}: ${name}`} fontSize="heading-m">
          {number(group.count)}
        </RouteLink>
      </span>
      <div>
        <div className="reason-head">
          <strong>{name}</strong>
          <DeliveryStateLabel state={group.state} />
        </div>
        <Box color="text-body-secondary">{group.text ?? 'Each delivery says what happened.'}</Box>
        {parts.length > 0 && (
          <Box fontSize="body-s" color="text-body-secondary">
            {parts.map((row, i) => (
              <span key={row.channel}>
                {i > 0 && ' · '}
                <Part row={row} name={name} ledger={ledger} />
              </span>
            ))}
          </Box>
        )}
      </div>
    </li>
  );
}

interface Props {
  reasons: readonly Reason[];
  isLoading: boolean;
  failure?: { error: unknown; retry: () => void } | null;
  ledger: string; // address of the ledger that holds these rows
}

export function Reasons({ reasons, isLoading, failure = null, ledger }: Props) {
  const [wantsAll, setWantsAll] = useState(false);
  const groups = grouped(reasons);
  const listed = listedOf(groups.length, wantsAll);
  return (
    <Container header={<Header variant="h2">Why some got no message</Header>}>
      {failure ? (
        <Failure error={failure.error} onRetry={failure.retry} />
      ) : isLoading ? (
        <Waiting text="Counting reasons" />
      ) : groups.length === 0 ? (
        <Box color="text-body-secondary">Nobody was left out so far.</Box>
      ) : (
        <>
          <ul className="reasons" aria-label="Reasons">
            {groups.slice(0, listed).map((group) => (
              <Group key={`${group.state} ${group.reason}`} group={group} ledger={ledger} />
            ))}
          </ul>
          {listed < groups.length && (
            <Box textAlign="center" padding={{ top: 's' }}>
              <Button variant="inline-link" onClick={() => setWantsAll(true)}>
                Show all {number(groups.length)}
              </Button>
            </Box>
          )}
        </>
      )}
    </Container>
  );
}
