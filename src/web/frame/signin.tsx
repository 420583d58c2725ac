import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { MAX_PASSWORD } from '../../core/access/password.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Entrance } from './entrance.tsx';
import { Forgotten } from './forgotten.tsx';

/** Asks for e-mail and password. */
export function SignInPage({ resetByMail }: { readonly resetByMail: boolean }) {
  useDocumentTitle('Sign in · Baton');
  const signing = useChange('signIn');
  const [isForgotten, setForgotten] = useState(false);
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: { email: isEmail('Enter your e-mail address'), password: isNotEmpty('Enter your password') },
  });
  return (
    <Entrance title="Sign in" words="Use the e-mail address that your administrator has for you.">
      <form onSubmit={form.onSubmit(body => signing.mutate({ body }))} noValidate>
        <Stack gap="md">
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            data-autofocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            maxLength={MAX_PASSWORD}
            {...form.getInputProps('password')}
          />
          {signing.error === null ? null : (
            <Alert color="brick" role="alert">
              {errorWords(signing.error)}
            </Alert>
          )}
          <Button type="submit" fullWidth loading={signing.isPending}>
            Sign in
          </Button>
          <Anchor component="button" type="button" ta="center" onClick={() => setForgotten(true)}>
            Forgot your password?
          </Anchor>
        </Stack>
      </form>
      {isForgotten ? (
        <Forgotten email={form.values.email} byMail={resetByMail} onClose={() => setForgotten(false)} />
      ) : null}
    </Entrance>
  );
}
