// The frame around every screen, and which screen belongs to which address.

import type { AppLayoutProps } from '@cloudscape-design/components/app-layout';
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { BrowserRouter, useLocation, useNavigate } from 'react-router';
import { makeQueryClient } from '../api/queries';
import { Waiting } from '../shared/states';
import { Breadcrumbs } from './Breadcrumbs';
import { EnvironmentStrip } from './Environment';
import { ErrorBoundary } from './ErrorBoundary';
import { NoticeList, NoticesProvider } from './notices';
import { PanelProvider, PanelView, usePanel } from './panel';
import { Screens } from './Screens';
import { SignIn } from './SignIn';
import { setTheme, useTheme, type Theme } from './theme';

const client = makeQueryClient();

export function App() {
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <NoticesProvider>
          <PanelProvider>
            <Frame />
          </PanelProvider>
        </NoticesProvider>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

const sections: SideNavigationProps.Item[] = [
  { type: 'link', text: 'Overview', href: '/' },
  { type: 'link', text: 'Campaigns', href: '/campaigns' },
  { type: 'link', text: 'Deliveries', href: '/deliveries' },
  {
    type: 'section',
    text: 'Audience',
    items: [
      { type: 'link', text: 'Contacts', href: '/contacts' },
      { type: 'link', text: 'Segments', href: '/segments' },
      { type: 'link', text: 'Suppressions', href: '/suppressions' },
    ],
  },
  { type: 'link', text: 'Templates', href: '/templates' },
  { type: 'link', text: 'Quotas & events', href: '/quotas' },
  { type: 'link', text: 'Settings', href: '/settings' },
];

const labels: AppLayoutProps.Labels = {
  navigation: 'Sections',
  navigationToggle: 'Open the sections',
  navigationClose: 'Close the sections',
  notifications: 'Notices',
  tools: 'Details',
  toolsClose: 'Close the details',
  toolsToggle: 'Open the details',
};

const themes: { id: Theme; text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

// The section whose address is the longest beginning of this one.
function sectionOf(path: string): string {
  return path === '/' ? '/' : `/${path.split('/')[1]}`;
}

const wide = () => window.matchMedia('(min-width: 689px)').matches;

function Frame() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(wide);
  const theme = useTheme();
  const { panel, close } = usePanel();
  // A panel belongs to the screen it was opened from.
  useEffect(() => close(), [pathname]);
  const layout = useRef<AppLayoutProps.Ref>(null);
  const follow = (event: { preventDefault: () => void; detail: { href?: string; external?: boolean } }) => {
    if (event.detail.external || !event.detail.href) return;
    event.preventDefault();
    void navigate(event.detail.href);
    layout.current?.closeNavigationIfNecessary();
  };
  return (
    <>
      <div id="page-header" className="page-header">
        <TopNavigation
          identity={{
            href: '/',
            title: 'Clarion',
            onFollow: (event) => {
              event.preventDefault();
              void navigate('/');
            },
          }}
          utilities={[
            {
              type: 'menu-dropdown',
              text: 'Appearance',
              ariaLabel: 'Appearance',
              iconName: 'settings',
              items: themes.map(({ id, text }) => ({ id, text, itemType: 'checkbox', checked: id === theme })),
              onItemClick: ({ detail }) => setTheme(detail.id as Theme),
            },
          ]}
          i18nStrings={{ overflowMenuTriggerText: 'More', overflowMenuTitleText: 'All' }}
        />
        <EnvironmentStrip />
      </div>
      <AppLayoutToolbar
        ref={layout}
        headerSelector="#page-header"
        toolsHide={panel === null}
        toolsOpen={panel !== null}
        toolsWidth={420}
        onToolsChange={({ detail }) => !detail.open && close()}
        tools={<PanelView panel={panel} />}
        ariaLabels={labels}
        navigationWidth={220}
        navigationOpen={isOpen}
        onNavigationChange={({ detail: { open } }) => setOpen(open)}
        navigation={<SideNavigation items={sections} activeHref={sectionOf(pathname)} onFollow={follow} />}
        notifications={<NoticeList />}
        stickyNotifications
        breadcrumbs={<Breadcrumbs />}
        content={
          <ErrorBoundary address={pathname}>
            <Suspense fallback={<Waiting />}>
              <Screens />
            </Suspense>
          </ErrorBoundary>
        }
      />
      <SignIn />
    </>
  );
}
