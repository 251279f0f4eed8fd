import type { Contact } from '../api/types';

export const contactName = (contact: Pick<Contact, 'first_name' | 'last_name' | 'customer_id'>) =>
  [contact.first_name, contact.last_name].filter(Boolean).join(' ') || contact.customer_id;
export const contactPath = (id: string) => `/contacts/${encodeURIComponent(id)}`;
