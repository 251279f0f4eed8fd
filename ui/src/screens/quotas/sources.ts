// Where carriers' events come from, as people read it.

import type { EventSource } from '../../api/types';

export const sourceNames: Record<EventSource['source'], string> = {
  sqs: 'Queue of AWS events (SQS)',
  sns: 'AWS events posted by SNS',
  simulated: 'Simulated carriers',
};

// In one sentence: whether carriers still tell what became of the messages.
export function healthText(source: EventSource): string {
  switch (source.status) {
    case 'receiving':
      return source.received === 0 ? 'Listening; nothing has come yet' : 'Receiving';
    case 'failing':
      return source.last_error ? `Failing, tried again: ${source.last_error}` : 'Failing, tried again';
    case 'off':
      return 'Off: nothing becomes delivered, and who said stop is not learnt. Set EVENTS_QUEUE_URL.';
  }
}

export const healthSign = (source: EventSource) =>
  source.status === 'receiving' ? 'success' : source.status === 'failing' ? 'error' : 'warning';
