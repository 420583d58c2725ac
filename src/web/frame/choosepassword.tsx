import { Alert, Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { errorWords } from '../client/client.ts';
import { NewPassword, newPasswordProblem } from '../kit/newpassword.tsx';

/** Whose password it is to be. */
interface Owner {
  readonly name: string;
  readonly email: string;
}

/** The form by which a person chooses a password; `children` stand above the field. */
export function ChoosePassword(props: {
  readonly owner: Owner;
  readonly verb: string;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly children?: ReactNode;
  readonly onChoose: (password: string) => void;
}) {
  const { owner } = props;
  const form = useForm({
    initialValues: { next: '' },
    validate: { next: value => newPasswordProblem(value, owner) },
  });
  return (
    <form onSubmit={form.onSubmit(({ next }) => props.onChoose(next))} noValidate>
      <Stack gap="md">
        <input type="text" name="username" autoComplete="username" value={owner.email} readOnly hidden />
        {props.children}
        <NewPassword
          label="New password"
          owner={owner}
          value={form.values.next}
          field={form.getInputProps('next')}
        />
        {props.error === null ? null : (
          <Alert color="brick" role="alert">
            {errorWords(props.error)}
          </Alert>
        )}
        <Button type="submit" fullWidth loading={props.isBusy}>
          {props.verb}
        </Button>
      </Stack>
    </form>
  );
}
