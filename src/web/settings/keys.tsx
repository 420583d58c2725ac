import {
  Alert,
  Badge,
  Button,
  Code,
  Group,
  Modal,
  Radio,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useState } from 'react';
import { KEY_KINDS, type Key } from '../../contract/api/administration.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { closingBy, Secret } from '../kit/secret.tsx';
import { Snippet } from '../kit/snippet.tsx';
import { Await, Empty } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { ROLE_CHOICES, ROLE_WORDS, roleOf } from './role.ts';
import { firstCall } from './snippet.ts';

const KIND_WORDS: Readonly<Record<Key['kind'], { readonly label: string; readonly words: string }>> = {
  server: {
    label: 'Server write key',
    words: 'Sends events and profiles from your own servers; may overwrite. Keep it secret.',
  },
  public: {
    label: 'Public write key',
    words: 'Stands in a web page: sends events, fills only what is empty, never overwrites.',
  },
  api: { label: 'API key', words: 'Reads and works with a role, for everybody of that role.' },
};

/** The keys that other software uses. */
export function KeysPart() {
  const keys = useCall('listKeys', {});
  const [isMaking, setMaking] = useState(false);
  const { data: session } = useCall('getSession', {});
  const demoKey = session?.demo?.writeKey ?? null;
  return (
    <Card title="Keys" side={<Button onClick={() => setMaking(true)}>Make a key</Button>}>
      <Await query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="settings" title="No keys yet">
              Make a public write key for your web site, a server write key for your back end, or an API key
              for scripts.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={620}>
              <Table aria-label="Keys">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Kind</Table.Th>
                    <Table.Th>Begins with</Table.Th>
                    <Table.Th>Last used</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>Actions</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(key => (
                    <KeyRow key={key.id} of={key} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Await>
      {demoKey === null ? null : <DemoKey secret={demoKey} />}
      {isMaking ? <MakeKey onClose={() => setMaking(false)} /> : null}
    </Card>
  );
}

function KeyRow({ of: key }: { readonly of: Key }) {
  const [isConfirming, setConfirming] = useState(false);
  const revoking = useChange('deleteKey');
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{key.name}</Text>
        <Text size="xs" c="dimmed">
          Made <When at={key.createdAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        {KIND_WORDS[key.kind].label}{' '}
        {key.role === null ? null : (
          <Badge color="gray" variant="light" size="sm">
            {ROLE_WORDS[key.role].label}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        <Code>{key.prefix}…</Code>
      </Table.Td>
      <Table.Td c="dimmed">{key.lastUsedAt === null ? 'Never' : <When at={key.lastUsedAt} />}</Table.Td>
      <Table.Td ta="right">
        <Button size="compact-sm" variant="default" onClick={() => setConfirming(true)}>
          Revoke
        </Button>
        {isConfirming ? (
          <Confirm
            title={`Revoke “${key.name}”?`}
            verb="Revoke"
            isBusy={revoking.isPending}
            error={revoking.error}
            onConfirm={() =>
              revoking.mutate({ params: { id: key.id } }, { onSuccess: () => setConfirming(false) })
            }
            onClose={() => setConfirming(false)}
          >
            What uses this key stops working at once. This cannot be undone.
          </Confirm>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

function MakeKey({ onClose }: { readonly onClose: () => void }) {
  const making = useChange('createKey');
  const form = useForm({
    initialValues: { name: '', kind: 'server', role: 'rep' },
    validate: { name: isNotEmpty('Say what the key is for') },
  });
  const done = making.data;
  const submit = form.onSubmit(values => {
    const kind = KEY_KINDS.find(known => known === values.kind) ?? 'server';
    const name = values.name.trim();
    making.mutate({ body: kind === 'api' ? { name, kind, role: roleOf(values.role) } : { name, kind } });
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      {...closingBy(done === undefined)}
      title={done === undefined ? 'Make a key' : `The key “${done.key.name}”`}
    >
      {done === undefined ? (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label="Name"
              placeholder="What uses it, for example: web site"
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Radio.Group label="Kind" {...form.getInputProps('kind')}>
              <Stack gap="xs" mt="xs">
                {KEY_KINDS.map(kind => (
                  <Radio
                    key={kind}
                    value={kind}
                    label={KIND_WORDS[kind].label}
                    description={KIND_WORDS[kind].words}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {form.values.kind === 'api' ? (
              <Select
                label="Role"
                data={ROLE_CHOICES}
                allowDeselect={false}
                description={`May do: ${ROLE_WORDS[roleOf(form.values.role)].may}`}
                {...form.getInputProps('role')}
              />
            ) : null}
            {making.error === null ? null : <Alert color="brick">{errorWords(making.error)}</Alert>}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={making.isPending}>
                Make the key
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Text>Copy it now: the whole key is never shown again.</Text>
          <Secret label={KIND_WORDS[done.key.kind].label} value={done.secret} />
          <FirstCall of={done.key} secret={done.secret} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

/** The key that a demo takes from its start; of a real Baton no key is shown again. */
function DemoKey({ secret }: { readonly secret: string }) {
  return (
    <Stack gap="xs" mt="lg">
      <Text>
        This demo takes calls with the write key <Code>{secret}</Code>. Who asks for a demo is in the queue at
        once; the tab All has the leads of everybody.
      </Text>
      <FirstCall of={{ kind: 'server' }} secret={secret} />
    </Stack>
  );
}

function FirstCall({ of: key, secret }: { readonly of: Pick<Key, 'kind'>; readonly secret: string }) {
  return <Snippet {...firstCall({ kind: key.kind, secret, origin: window.location.origin })} />;
}
