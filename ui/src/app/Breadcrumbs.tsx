// Where this screen stands: its section, and the thing that is shown.

import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { campaignQuery, contactQuery } from '../api/queries';
import { contactName } from '../shared/contactNames';

const sections: Record<string, string> = {
  campaigns: 'Campaigns',
  deliveries: 'Deliveries',
  contacts: 'Contacts',
  segments: 'Segments',
  suppressions: 'Suppressions',
  templates: 'Templates',
  quotas: 'Quotas & events',
  settings: 'Settings',
};

export function trail(path: string, known?: string): { text: string; href: string }[] {
  const items = [{ text: 'Overview', href: '/' }];
  const [section, ...rest] = path.split('/').filter(Boolean);
  if (section === undefined || sections[section] === undefined) return items;
  items.push({ text: sections[section], href: `/${section}` });
  const [first, second] = rest;
  if (first === undefined) return items;
  // Templates are named by channel and name, all others by one part.
  const name = section === 'templates' ? second : first;
  if (name !== undefined)
    items.push({ text: name === 'new' ? 'New' : (known ?? decodeURIComponent(name)), href: path });
  return items;
}

// What the screen itself has read of the thing it shows; nothing is asked for here.
function useKnownName(path: string): string | undefined {
  const [section, first = ''] = path.split('/').filter(Boolean);
  const id = decodeURIComponent(first);
  const campaign = useQuery({ ...campaignQuery(id), enabled: false }).data;
  const contact = useQuery({ ...contactQuery(id), enabled: false }).data;
  if (section === 'campaigns') return campaign?.name || undefined;
  return section === 'contacts' && contact ? contactName(contact) : undefined;
}

export function Breadcrumbs() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const name = useKnownName(pathname);
  return (
    <BreadcrumbGroup
      ariaLabel="Breadcrumbs"
      expandAriaLabel="Show the path"
      items={trail(pathname, name)}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}
