import { Anchor, AppShell, Box, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Suspense } from 'react';
import { Link, Outlet, useNavigation } from 'react-router';
import type { Alert } from '../../contract/api/alert.ts';
import type { Demo } from '../client/demo.ts';
import { useStream } from '../client/stream.ts';
import { Loading } from '../kit/state.tsx';
import { DemoBanner, DemoGuide, LostBanner } from './banner.tsx';
import { Header } from './header.tsx';
import { BottomNav, SideNav } from './nav.tsx';

/** The frame around every page of a person signed in. */
export function Shell({ demo }: { readonly demo: Demo | null }) {
  const stream = useStream(showAlert);
  const { state } = useNavigation();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header bg="var(--baton-surface)">
        <Header />
      </AppShell.Header>
      <AppShell.Navbar visibleFrom="sm" p="sm" bg="var(--baton-surface)" component="nav" aria-label="Pages">
        <SideNav />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Box mx={{ base: -12, sm: -20 }} mt={{ base: -12, sm: -20 }} mb="md">
          {stream === 'lost' ? <LostBanner /> : null}
          {demo === null ? null : (
            <>
              <DemoBanner demo={demo} />
              <DemoGuide />
            </>
          )}
        </Box>
        <Box maw="var(--baton-content)" mx="auto" aria-busy={state === 'loading'}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Box>
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm" bg="var(--baton-surface)" component="nav" aria-label="Pages">
        <BottomNav />
      </AppShell.Footer>
    </AppShell>
  );
}

function showAlert(alert: Alert): void {
  notifications.show({
    id: `alert ${alert.id}`,
    color: 'amber',
    title: alert.label,
    autoClose: 12_000,
    message: (
      <>
        <Text>{alert.text}</Text>
        {alert.contactId === null ? null : (
          <Anchor component={Link} to={`/contacts/${alert.contactId}`} fw={600}>
            Open the contact
          </Anchor>
        )}
      </>
    ),
  });
}
