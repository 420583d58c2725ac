import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { MAX_PASSWORD } from '../../core/access/password.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { NewPassword, newPasswordProblem } from '../kit/newpassword.tsx';

/** Changes the password of the person signed in. */
export function PasswordPart() {
  const me = useUser();
  const changing = useChange('changePassword');
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: isNotEmpty('Enter your password'),
      next: value => newPasswordProblem(value, me),
    },
  });
  const submit = form.onSubmit(body =>
    changing.mutate(
      { body },
      {
        onSuccess: () => {
          form.reset();
          notifications.show({ color: 'pine', message: 'Your password was changed.' });
        },
      },
    ),
  );
  return (
    <Card title="Your password">
      <form onSubmit={submit} noValidate style={{ maxWidth: 380 }}>
        <Stack gap="md">
          <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            maxLength={MAX_PASSWORD}
            {...form.getInputProps('current')}
          />
          <NewPassword
            label="New password"
            owner={me}
            value={form.values.next}
            field={form.getInputProps('next')}
          />
          {changing.error === null ? null : <Alert color="brick">{errorWords(changing.error)}</Alert>}
          <Button type="submit" loading={changing.isPending} style={{ alignSelf: 'flex-start' }}>
            Change password
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
