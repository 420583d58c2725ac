import '@mantine/dates/styles.css';
import { Alert, Badge, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { isEmail, isNotEmpty, useForm } from '@mantine/form';
import { useState } from 'react';
import type { Colleague } from '../../contract/api/session.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay, useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { showFailure } from '../kit/notice.tsx';
import { closingBy, Secret } from '../kit/secret.tsx';
import { Await } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { WorkDialog } from '../routing/work.tsx';
import { Leaving } from './leaving.tsx';
import { ROLE_CHOICES, ROLE_WORDS, roleOf } from './role.ts';
import { RoleSelect } from './roleselect.tsx';
import css from './users.module.css';

/** The people who may sign in. */
export function UsersPart() {
  const users = useCall('listUsers', {});
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  return (
    <Card
      title="People"
      side={may('createUser') ? <Button onClick={() => setAdding(true)}>Add a person</Button> : null}
    >
      <Await query={users}>
        {({ items }) => (
          <>
            <div className={css.heads} aria-hidden="true">
              <span>Name</span>
              <span>Role</span>
              <span>Since</span>
              <span />
            </div>
            <ul className={css.rows} aria-label="People">
              {items.map(user => (
                <UserRow key={user.id} user={user} />
              ))}
            </ul>
          </>
        )}
      </Await>
      {isAdding ? <AddUser onClose={() => setAdding(false)} /> : null}
    </Card>
  );
}

function UserRow({ user }: { readonly user: Colleague }) {
  const me = useUser();
  const may = useMay();
  const changing = useChange('updateUser');
  const [isConfirming, setConfirming] = useState(false);
  const [isWorking, setWorking] = useState(false);
  const change = (body: { readonly active: boolean }) =>
    changing.mutate(
      { params: { id: user.id }, body },
      { onSuccess: () => setConfirming(false), onError: showFailure },
    );
  return (
    <li className={css.row} aria-label={user.name}>
      <div className={css.name}>
        <Group gap="xs">
          <Text fw={600} c={user.active ? 'inherit' : 'dimmed'}>
            {user.name}
          </Text>
          {user.id === me.id ? (
            <Badge color="gray" variant="light" size="sm">
              You
            </Badge>
          ) : null}
          {user.active ? null : (
            <Badge color="gray" variant="outline" size="sm">
              Deactivated
            </Badge>
          )}
        </Group>
        {user.email === null ? null : (
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
        )}
      </div>
      <div className={css.role}>
        {may('updateUser') ? <RoleSelect user={user} /> : ROLE_WORDS[user.role].label}
      </div>
      <Text component="div" className={css.since} c="dimmed">
        <span className={css.small}>Since </span>
        <When at={user.createdAt} />
      </Text>
      <div className={css.buttons}>
        {user.active && (may('saveTeam') || user.id === me.id) ? (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`Working time of ${user.name}`}
            onClick={() => setWorking(true)}
          >
            Working time
          </Button>
        ) : null}
        {!may('updateUser') || user.id === me.id ? null : user.active ? (
          <Button size="compact-sm" variant="default" onClick={() => setConfirming(true)}>
            Deactivate
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={changing.isPending}
            onClick={() => change({ active: true })}
          >
            Activate
          </Button>
        )}
        {isWorking ? (
          <WorkDialog userId={user.id} name={user.name} onClose={() => setWorking(false)} />
        ) : null}
        {isConfirming ? (
          <Confirm
            title={`Deactivate ${user.name}?`}
            verb="Deactivate"
            isBusy={changing.isPending}
            error={null}
            onConfirm={() => change({ active: false })}
            onClose={() => setConfirming(false)}
          >
            <Leaving user={user} />
          </Confirm>
        ) : null}
      </div>
    </li>
  );
}

function AddUser({ onClose }: { readonly onClose: () => void }) {
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
            <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
            <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
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
        <Stack gap="md">
          <Text>
            Give this password to {done.user.name} in person. It is shown only now and should be changed after
            the first sign-in.
          </Text>
          <Secret label="Password" value={done.password} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
