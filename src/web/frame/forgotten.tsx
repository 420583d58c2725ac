import { Alert, Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';

/** Has a link mailed by which a new password is chosen; without a mail server it says who can help. */
export function Forgotten(props: {
  readonly email: string;
  readonly byMail: boolean;
  readonly onClose: () => void;
}) {
  const { email, byMail, onClose } = props;
  const asking = useChange('requestReset');
  const form = useForm({
    initialValues: { email },
    validate: { email: isEmail('Enter your e-mail address') },
  });
  return (
    <Modal opened onClose={onClose} title="Forgot your password?" size="sm">
      {!byMail ? (
        <Stack gap="md">
          <Text>
            This Baton sends no mail. Ask an administrator: under Settings, People they make a link for you by
            which you choose a new password.
          </Text>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Stack>
      ) : asking.isSuccess ? (
        <Stack gap="md">
          <Text>
            If somebody has the address {form.values.email}, a mail with a link is on its way. It works once,
            for one hour.
          </Text>
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit(body => asking.mutate({ body }))} noValidate>
          <Stack gap="md">
            <Text>A link by which you choose a new one comes by mail.</Text>
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              data-autofocus
              {...form.getInputProps('email')}
            />
            {asking.error === null ? null : (
              <Alert color="brick" role="alert">
                {errorWords(asking.error)}
              </Alert>
            )}
            <Button type="submit" loading={asking.isPending}>
              Send the link
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
