// A delivery in doubt: what that means, what will settle it, and a person's word where nothing else does.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { deliveryQuery, eventsQuery } from '../../api/queries';
import type { DeliveryDetail } from '../../api/types';
import { useNotices } from '../../app/notices';
import { Confirm } from '../../shared/Confirm';
import { whatSettles } from './inDoubtText';

export function InDoubt({ delivery }: { delivery: DeliveryDetail }) {
  const client = useQueryClient();
  const { fail } = useNotices();
  const events = useQuery(eventsQuery);
  const [asked, setAsked] = useState<boolean | null>(null);
  const settle = useMutation({
    mutationFn: (arrived: boolean) =>
      call<DeliveryDetail>('POST', `/api/deliveries/${encodeURIComponent(delivery.delivery_id)}/settle`, {
        body: { arrived },
      }),
    onSuccess: (settled) => {
      client.setQueryData(deliveryQuery(delivery.delivery_id).queryKey, settled);
      for (const key of ['deliveries', 'campaign', 'campaigns', 'analytics']) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    },
    onError: (error) => fail('It was not settled', error),
  });
  return (
    <Alert type="warning" header="In doubt">
      <SpaceBetween size="s">
        <Box>
          The message left Clarion and no answer came back: the carrier may have taken it or not. It is counted as sent
          where that is the careful view (caps, budget), and it is not sent again by itself.
        </Box>
        <Box>{whatSettles(events.data?.sources)}</Box>
        <Box>If you know what became of it, from the person or from the carrier’s own console, you can say so:</Box>
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            loading={settle.isPending && settle.variables}
            disabled={settle.isPending}
            onClick={() => setAsked(true)}
          >
            It arrived
          </Button>
          <Button
            loading={settle.isPending && !settle.variables}
            disabled={settle.isPending}
            onClick={() => setAsked(false)}
          >
            It did not arrive
          </Button>
        </SpaceBetween>
      </SpaceBetween>
      <Confirm
        isOpen={asked !== null}
        question={asked ? 'Record that it arrived?' : 'Record that it did not arrive?'}
        keep="Leave it in doubt"
        act="Record it"
        onClose={() => setAsked(null)}
        onAct={() => asked !== null && settle.mutate(asked)}
      >
        {`It becomes ${asked ? 'accepted, at its planned cost' : 'failed'}, with who said so and when. Nothing is sent. ` +
          'You cannot take it back; what the carrier says later still counts more.'}
      </Confirm>
    </Alert>
  );
}
