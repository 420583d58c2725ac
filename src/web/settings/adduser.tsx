import { Alert, Button, Group, Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { closingBy } from '../kit/secret.tsx';
import { Invited } from './invited.tsx';
import { MadePassword } from './madepassword.tsx';
import { ROLE_CHOICES, ROLE_WORDS, roleOf } from './role.ts';

/** Adds a person: by an invitation, which comes by mail where mail is set up, or with a password made for them. */
export function AddUser({ onClose }: { readonly onClose: () => void }) {
  const adding = useChange('createUser');
  const session = useCall('getSession', {});
  const byMail = session.data?.resetByMail === true;
  const form = useForm({
    initialValues: { name: '', email: '', role: 'rep', by: 'invitation' },
    validate: { name: isNotEmpty('Enter a name'), email: isEmail('Enter an e-mail address') },
  });
  const done = adding.data;
  const isSecret = done !== undefined && (done.password !== null || done.invitation?.link !== null);
  return (
    <Modal
      opened
      onClose={onClose}
      {...closingBy(!isSecret)}
      title={done === undefined ? 'Add a person' : doneWords(done)}
    >
      {done === undefined ? (
        <form
          onSubmit={form.onSubmit(({ role, by, ...rest }) =>
            adding.mutate({
              body: { ...rest, role: roleOf(role), by: by === 'password' ? 'password' : 'invitation' },
            }),
          )}
          noValidate
        >
          <Stack gap="md">
            <TextInput label="Name" data-autofocus maxLength={100} {...form.getInputProps('name')} />
            <TextInput label="E-mail" type="email" maxLength={254} {...form.getInputProps('email')} />
            <Select
              label="Role"
              data={ROLE_CHOICES}
              allowDeselect={false}
              description={`May do: ${ROLE_WORDS[roleOf(form.values.role)].may}`}
              {...form.getInputProps('role')}
            />
            <Radio.Group label="How they get in" {...form.getInputProps('by')}>
              <Stack gap="xs" mt="xs">
                <Radio
                  value="invitation"
                  label={byMail ? 'An invitation by mail' : 'A link that you pass on'}
                  description="They choose a password themselves. The link works once, for seven days."
                />
                <Radio
                  value="password"
                  label="A password that you hand over"
                  description="Shown once. They are asked for another one at their first sign-in."
                />
              </Stack>
            </Radio.Group>
            {adding.error === null ? null : <Alert color="brick">{errorWords(adding.error)}</Alert>}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={adding.isPending}>
                Add
              </Button>
            </Group>
          </Stack>
        </form>
      ) : done.invitation !== null ? (
        <Invited user={done.user} invitation={done.invitation} onClose={onClose} />
      ) : (
        <MadePassword name={done.user.name} password={done.password ?? ''} onClose={onClose} />
      )}
    </Modal>
  );
}

function doneWords({
  user,
  invitation,
}: {
  readonly user: { readonly name: string };
  readonly invitation: object | null;
}) {
  return invitation === null ? `${user.name} can sign in` : `${user.name} is invited`;
}
