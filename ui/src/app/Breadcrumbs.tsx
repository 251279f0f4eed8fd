// Where this screen stands: its section, and the thing that is shown.

import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useLocation, useNavigate } from 'react-router';

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

export function trail(path: string): { text: string; href: string }[] {
  const items = [{ text: 'Overview', href: '/' }];
  const [section, ...rest] = path.split('/').filter(Boolean);
  if (section === undefined || sections[section] === undefined) return items;
  items.push({ text: sections[section], href: `/${section}` });
  const [first, second] = rest;
  if (first === undefined) return items;
  // Templates are named by channel and name, all others by one part.
  const name = section === 'templates' ? second : first;
  if (name !== undefined) items.push({ text: name === 'new' ? 'New' : decodeURIComponent(name), href: path });
  return items;
}

export function Breadcrumbs() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <BreadcrumbGroup
      ariaLabel="Breadcrumbs"
      expandAriaLabel="Show the path"
      items={trail(pathname)}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}
