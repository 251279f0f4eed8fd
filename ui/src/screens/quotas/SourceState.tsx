import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { EventSource } from '../../api/types';
import { healthSign, healthText } from './sources';

// Whether events come from there, in a sentence.
export function SourceState({ source }: { source: EventSource }) {
  return (
    <StatusIndicator type={healthSign(source)} wrapText>
      {healthText(source)}
    </StatusIndicator>
  );
}
