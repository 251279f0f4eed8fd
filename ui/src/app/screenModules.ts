// The module of each screen, by how its address begins; the first that fits. A module is loaded when it is first asked for.

import type { ComponentType } from 'react';

type Load = () => Promise<{ default: ComponentType }>;

export const overview: Load = () => import('../screens/overview/Overview');
export const campaigns: Load = () => import('../screens/campaigns/Campaigns');
export const create: Load = () => import('../screens/create/Create');
export const campaign: Load = () => import('../screens/campaign/Campaign');
export const deliveries: Load = () => import('../screens/ledger/Deliveries');
export const contacts: Load = () => import('../screens/contacts/Contacts');
export const contact: Load = () => import('../screens/contacts/Contact');
export const segments: Load = () => import('../screens/segments/Segments');
export const suppressions: Load = () => import('../screens/suppressions/Suppressions');
export const templates: Load = () => import('../screens/templates/Templates');
export const template: Load = () => import('../screens/templates/Template');
export const quotas: Load = () => import('../screens/quotas/Quotas');
export const settings: Load = () => import('../screens/settings/Settings');

const modules: [RegExp, Load][] = [
  [/^\/$/, overview],
  [/^\/campaigns$/, campaigns],
  [/^\/campaigns\/new$/, create],
  [/^\/campaigns\//, campaign],
  [/^\/deliveries$/, deliveries],
  [/^\/contacts$/, contacts],
  [/^\/contacts\//, contact],
  [/^\/segments$/, segments],
  [/^\/suppressions$/, suppressions],
  [/^\/templates$/, templates],
  [/^\/templates\//, template],
  [/^\/quotas$/, quotas],
  [/^\/settings$/, settings],
];

// What this address shows; nothing for an address that is no screen.
export function moduleOf(path: string): Load | undefined {
  return modules.find(([address]) => address.test(path))?.[1];
}
