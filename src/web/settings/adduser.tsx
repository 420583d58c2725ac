import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { closingBy } from '../kit/secret.tsx';
import { MadePassword } from './madepassword.tsx';
import { ROLE_CHOICES, ROLE_WORDS, roleOf } from './role.ts';

/** Adds a person, and shows the password that was made for them. */
export function AddUser({ onClose }: { readonly onClose: () => void }) {
  const adding = useChange('createUser');
  const form = useForm({
    initialValues: { name: '', email: '', role: 'rep' },
    validate: { name: isNotEmpty('Enter a name'), email: isEmail('Enter an e-mail address') },
  });
  const done = adding.data;
  return (
    <Modal
      opened
      onClose={onClose}
      {...closingBy(done === undefined)}
      title={done === undefined ? 'Add a person' : `${done.user.name} can sign in`}
    >
      {done === undefined ? (
        <form
          onSubmit={form.onSubmit(({ role, ...rest }) =>
            adding.mutate({ body: { ...rest, role: roleOf(role) } }),
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
      ) : (
        <MadePassword name={done.user.name} password={done.password} onClose={onClose} />
      )}
    </Modal>
  );
}
