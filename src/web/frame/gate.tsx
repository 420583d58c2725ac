import { Box, Center, Loader } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { lazy, Suspense } from 'react';
import { useCall } from '../client/query.ts';
import { UserProvider } from '../client/session.tsx';
import { Failed } from '../kit/state.tsx';
import { Shell } from './shell.tsx';

const SignInPage = lazy(async () => ({ default: (await import('./signin.tsx')).SignInPage }));
const SetupPage = lazy(async () => ({ default: (await import('./setup.tsx')).SetupPage }));

/** Lets the person signed in through; else shows how to sign in, or how to begin. The address stays as it is. */
export function Gate() {
  const session = useCall('getSession', {});
  if (session.data === undefined)
    return session.error === null ? (
      <Waiting />
    ) : (
      <Box maw={480} mx="auto" mt="10vh" p="md">
        <Failed error={session.error} retry={() => void session.refetch()} />
      </Box>
    );
  const { user, setupNeeded, tokenNeeded, demo } = session.data;
  if (user !== null)
    return (
      <UserProvider user={user}>
        <Shell demo={demo} />
        <Notifications position="bottom-right" limit={4} />
      </UserProvider>
    );
  return (
    <Suspense fallback={<Waiting />}>
      {setupNeeded ? <SetupPage tokenNeeded={tokenNeeded} /> : <SignInPage />}
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
