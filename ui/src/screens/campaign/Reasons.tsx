// Why some did not get their message: each class of failure in a sentence that says what can be done.

import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { Analytics } from '../../api/types';
import { channelNames, number, words } from '../../shared/format';
import { DeliveryStateLabel } from '../../shared/Status';

type Reason = Analytics['by_reason'][number];

export function Reasons({ reasons, isLoading }: { reasons: readonly Reason[]; isLoading: boolean }) {
  return (
    <Table
      variant="container"
      items={[...reasons].sort((a, b) => b.count - a.count)}
      loading={isLoading}
      loadingText="Counting reasons"
      wrapLines
      header={<Header variant="h2">Why some got no message</Header>}
      ariaLabels={{ tableLabel: 'Reasons' }}
      empty="Nobody was left out so far."
      columnDefinitions={[
        {
          id: 'count',
          header: 'People',
          minWidth: 90,
          cell: (r) => <span className="numeric">{number(r.count)}</span>,
        },
        { id: 'state', header: 'State', minWidth: 140, cell: (r) => <DeliveryStateLabel state={r.state} /> },
        {
          id: 'channel',
          header: 'Channel',
          minWidth: 110,
          cell: (r) => (r.channel ? channelNames[r.channel] : 'None'),
        },
        { id: 'reason', header: 'Reason', isRowHeader: true, minWidth: 180, cell: (r) => words(r.reason) },
        { id: 'text', header: 'What it means', minWidth: 260, cell: (r) => r.reason_text ?? '–' },
      ]}
    />
  );
}
