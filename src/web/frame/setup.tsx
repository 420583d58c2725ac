import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { MIN_PASSWORD } from '../../core/access/password.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Entrance } from './entrance.tsx';

/** Makes the first admin of a new Baton. */
export function SetupPage() {
  useDocumentTitle('Set up · Baton');
  const making = useChange('setUp');
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: isNotEmpty('Enter your name'),
      email: isEmail('Enter an e-mail address'),
      password: value => (value.length < MIN_PASSWORD ? `At least ${MIN_PASSWORD} characters` : null),
    },
  });
  return (
    <Entrance
      title="Set up Baton"
      words="You become the first administrator. Colleagues are added in Settings afterwards."
    >
      <form onSubmit={form.onSubmit(body => making.mutate({ body }))} noValidate>
        <Stack gap="md">
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordInput
            label="Password"
            description={`At least ${MIN_PASSWORD} characters`}
            autoComplete="new-password"
            maxLength={128}
            {...form.getInputProps('password')}
          />
          {making.error === null ? null : (
            <Alert color="brick" role="alert">
              {errorWords(making.error)}
            </Alert>
          )}
          <Button type="submit" fullWidth loading={making.isPending}>
            Begin
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
