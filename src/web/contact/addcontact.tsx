import { Alert, Anchor, Button, Group, Modal, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { Link, useNavigate } from 'react-router';
import { errorWords, problemAt } from '../client/client.ts';
import { useChange } from '../client/query.ts';

const EMPTY = { email: '', name: '', title: '', company: '', phone: '', country: '', source: '' };

/** Adds a contact by hand and opens it. */
export function AddContact({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const adding = useChange('createContact');
  const form = useForm({ initialValues: EMPTY, validate: { email: isEmail('Enter an e-mail address') } });
  const submit = form.onSubmit(({ email, ...rest }) => {
    const given = Object.entries(rest).filter(([, value]) => value.trim() !== '');
    adding.mutate(
      { body: { email: email.trim(), ...Object.fromEntries(given) } },
      { onSuccess: ({ id }) => void navigate(`/contacts/${id}`) },
    );
  });
  const isKnown = adding.error !== null && problemAt(adding.error, 'email') !== null;
  return (
    <Modal opened onClose={onClose} title="Add a contact" size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="E-mail"
            type="email"
            maxLength={254}
            required
            data-autofocus
            {...form.getInputProps('email')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput label="Name" maxLength={200} {...form.getInputProps('name')} />
            <TextInput label="Job title" maxLength={200} {...form.getInputProps('title')} />
            <TextInput label="Company" maxLength={200} {...form.getInputProps('company')} />
            <TextInput label="Phone" type="tel" maxLength={50} {...form.getInputProps('phone')} />
            <TextInput label="Country" maxLength={100} {...form.getInputProps('country')} />
            <TextInput
              label="Source"
              placeholder="event, referral …"
              maxLength={200}
              {...form.getInputProps('source')}
            />
          </SimpleGrid>
          {adding.error === null ? null : (
            <Alert color="brick">
              {errorWords(adding.error)}{' '}
              {isKnown ? (
                <Anchor
                  component={Link}
                  to={`/contacts?q=${encodeURIComponent(form.values.email)}`}
                  onClick={onClose}
                >
                  Show it
                </Anchor>
              ) : null}
            </Alert>
          )}
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
    </Modal>
  );
}
