import { Alert, Button, Stack } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call, errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Loading } from '../kit/state.tsx';
import { ChoosePassword } from './choosepassword.tsx';
import { Entrance } from './entrance.tsx';

/** Lets a person who follows an invitation, or a link for a forgotten password, choose one; then they are signed in. */
export function WelcomePage() {
  useDocumentTitle('Choose a password · Baton');
  const navigate = useNavigate();
  const [token] = useState(() => /#token=([^&]+)/.exec(window.location.hash)?.[1] ?? '');
  const link = useQuery({
    queryKey: ['access link', token],
    queryFn: () => call('readLink', { body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const following = useChange('followLink');
  if (link.error !== null)
    return (
      <Entrance title="This link does not work" words={errorWords(link.error)}>
        <Stack gap="md">
          <Alert color="amber" variant="light">
            Ask for a new one: under “Forgot your password?” when you sign in, or the person who invited you.
          </Alert>
          <Button fullWidth onClick={() => void navigate('/', { replace: true })}>
            Go to the sign-in
          </Button>
        </Stack>
      </Entrance>
    );
  if (link.data === undefined)
    return (
      <Entrance title="One moment" words="Baton looks whose link this is.">
        <Loading rows={2} />
      </Entrance>
    );
  const { kind, name, email } = link.data;
  const choose = (password: string) =>
    following.mutate(
      { body: { token, password } },
      { onSuccess: () => void navigate('/', { replace: true }) },
    );
  return (
    <Entrance
      title={kind === 'invitation' ? `Welcome, ${name}` : 'Choose a new password'}
      words={`You sign in as ${email}.`}
    >
      <ChoosePassword
        owner={link.data}
        verb={kind === 'invitation' ? 'Begin' : 'Save and sign in'}
        isBusy={following.isPending}
        error={following.error}
        onChoose={choose}
      />
    </Entrance>
  );
}
