// The API's documents by name; generated from contracts/openapi.yaml (npm run types).

import type { components } from './schema';

type Schemas = components['schemas'];
export type Analytics = Schemas['Analytics'];
export type Campaign = Schemas['Campaign'];
export type CampaignStatus = Schemas['CampaignStatus'];
export type Channel = Schemas['Channel'];
export type ChosenUser = Schemas['ChosenUser'];
export type Contact = Schemas['Contact'];
export type ContactDetail = Schemas['ContactDetail'];
export type ConsentEntry = Schemas['ConsentEntry'];
export type Counts = Schemas['Counts'];
export type Delivery = Schemas['Delivery'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type DeliveryState = Schemas['DeliveryState'];
export type Environment = Schemas['Environment'];
export type EventHealth = Schemas['EventHealth'];
export type EventSource = Schemas['EventSource'];
// How a campaign can follow another: to its failed again, or to those whom their channel did not reach.
export type FollowUpKind = 'retry' | 'fallback';
export type FollowUp = Omit<Schemas['Retry'] & Schemas['Fallback'], 'retry_of' | 'fallback_of'>;
export type Filter = Schemas['Filter'];
export type FilterField = Schemas['FilterField'];
export type ImportSummary = Schemas['ImportSummary'];
export type Installation = Schemas['Installation'];
export type Message = Schemas['Message'];
export type Quotas = Schemas['Quotas'];
export type RunHistory = Schemas['RunHistory'];
export type SenderQuotas = Schemas['SenderQuotas'];
export type Allowance = Schemas['Allowance'];
export type Outlook = Schemas['Outlook'];
export type Preview = Schemas['Preview'];
export type ProviderTemplates = Schemas['ProviderTemplates'];
export type QueryResults = Schemas['QueryResults'];
export type Segment = Schemas['Segment'];
export type Suppression = Schemas['Suppression'];
export type Template = Schemas['Template'];

export const channels: readonly Channel[] = ['sms', 'whatsapp', 'email'];
