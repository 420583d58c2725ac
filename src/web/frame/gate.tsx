import { Box, Center, Loader } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { ACCESS_PATH } from '../../core/access/link.ts';
import { useCall, useSignOut } from '../client/query.ts';
import { UserProvider } from '../client/session.tsx';
import { Failed } from '../kit/state.tsx';
import { Shell } from './shell.tsx';

const SignInPage = lazy(async () => ({ default: (await import('./signin.tsx')).SignInPage }));
const WelcomePage = lazy(async () => ({ default: (await import('./welcome.tsx')).WelcomePage }));
const HandedPage = lazy(async () => ({ default: (await import('./handed.tsx')).HandedPage }));
const SetupPage = lazy(async () => ({ default: (await import('./setup.tsx')).SetupPage }));

/** Lets the person signed in through; else shows how to sign in, or how to begin. The address stays as it is. */
export function Gate() {
  const session = useCall('getSession', {});
  const { pathname } = useLocation();
  const signOut = useSignOut();
  if (session.data === undefined)
    return session.error === null ? (
      <Waiting />
    ) : (
      <Box maw={480} mx="auto" mt="10vh" p="md">
        <Failed error={session.error} retry={() => void session.refetch()} />
      </Box>
    );
  const { user, permissions, setupNeeded, tokenNeeded, passwordGiven, resetByMail, firstSteps, demo } =
    session.data;
  if (pathname === ACCESS_PATH)
    return (
      <Suspense fallback={<Waiting />}>
        <WelcomePage />
      </Suspense>
    );
  if (user !== null && passwordGiven)
    return (
      <Suspense fallback={<Waiting />}>
        <HandedPage user={user} onLeave={() => void signOut()} />
      </Suspense>
    );
  if (user !== null)
    return (
      <UserProvider user={user} permissions={permissions} firstSteps={firstSteps}>
        <Shell demo={demo} />
        <Notifications position="bottom-right" limit={4} />
      </UserProvider>
    );
  return (
    <Suspense fallback={<Waiting />}>
      {setupNeeded ? <SetupPage tokenNeeded={tokenNeeded} /> : <SignInPage resetByMail={resetByMail} />}
    </Suspense>
  );
}

function Waiting() {
  return (
    <Center h="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
