import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { errorWords, problemAt } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { NewPassword, newPasswordProblem } from '../kit/newpassword.tsx';
import { Entrance } from './entrance.tsx';

/** Makes the first admin of a new Baton, with the token of the link that the start printed where one is needed. */
export function SetupPage({ tokenNeeded }: { readonly tokenNeeded: boolean }) {
  useDocumentTitle('Set up · Baton');
  const making = useChange('setUp');
  const linked = tokenIn(window.location.href) ?? '';
  const form = useForm({
    initialValues: { name: '', email: '', password: '', token: linked },
    validate: {
      name: isNotEmpty('Enter your name'),
      email: isEmail('Enter an e-mail address'),
      password: newPasswordProblem,
      token: value => (tokenNeeded && value.trim() === '' ? 'Enter the token' : null),
    },
  });
  const wrong = problemAt(making.error, 'token');
  const submit = form.onSubmit(({ token, ...rest }) => {
    const given = tokenIn(token) ?? token.trim();
    making.mutate({ body: given === '' ? rest : { ...rest, token: given } });
  });
  return (
    <Entrance
      title="Set up Baton"
      words="You become the first administrator. Colleagues are added in Settings afterwards."
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {tokenNeeded && (linked === '' || wrong !== null) ? (
            <TextInput
              label="Set-up token"
              description="Baton printed a link with this token when it was started: in the terminal, or in the output of its container or service. Open the link, or paste it here."
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('token')}
            />
          ) : null}
          <TextInput label="Your name" autoComplete="name" maxLength={100} {...form.getInputProps('name')} />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            maxLength={254}
            {...form.getInputProps('email')}
          />
          <NewPassword
            label="Password"
            owner={form.values}
            value={form.values.password}
            field={form.getInputProps('password')}
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

/** The token in a set-up link, or in a text that has one; null where there is none. */
function tokenIn(text: string): string | null {
  return /#token=([\w-]+)/.exec(text)?.[1] ?? null;
}
