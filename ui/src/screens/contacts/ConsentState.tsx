import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Contact } from '../../api/types';

type State = Contact['consent']['sms']['state'];

export function ConsentState({ state }: { state: State }) {
  if (state === 'opted_in') return <StatusIndicator type="success">Opted in</StatusIndicator>;
  if (state === 'opted_out') return <StatusIndicator type="stopped">Opted out</StatusIndicator>;
  return <StatusIndicator type="pending">Not known</StatusIndicator>;
}
