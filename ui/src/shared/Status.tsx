// The states of campaigns and deliveries: always word and sign, never colour alone.

import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { CampaignStatus, DeliveryState } from '../api/types';

const campaignSigns: Record<CampaignStatus, StatusIndicatorProps.Type> = {
  draft: 'pending',
  scheduled: 'pending',
  running: 'in-progress',
  paused: 'stopped',
  completed: 'success',
  cancelled: 'stopped',
};

const deliverySigns: Record<DeliveryState, [StatusIndicatorProps.Type, string]> = {
  waiting: ['pending', 'Waiting'],
  sending: ['in-progress', 'Sending'],
  accepted: ['success', 'Accepted'],
  delivered: ['success', 'Delivered'],
  failed: ['error', 'Failed'],
  skipped: ['stopped', 'Skipped'],
  in_doubt: ['warning', 'In doubt'],
};

export const campaignStatuses = Object.keys(campaignSigns) as CampaignStatus[];
export const campaignStatusText = (status: CampaignStatus) => status.charAt(0).toUpperCase() + status.slice(1);

export function CampaignState({ status }: { status: CampaignStatus }) {
  return <StatusIndicator type={campaignSigns[status]}>{campaignStatusText(status)}</StatusIndicator>;
}

export function DeliveryStateLabel({ state }: { state: DeliveryState }) {
  const [type, text] = deliverySigns[state];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}

export const deliveryStates = Object.keys(deliverySigns) as DeliveryState[];
export const deliveryStateText = (state: DeliveryState) => deliverySigns[state][1];
