import '@mantine/dates/styles.layer.css';
import { Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Colleague } from '../../contract/api/session.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay, useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { useNow } from '../kit/clock.ts';
import { Confirm } from '../kit/confirm.tsx';
import { showFailure } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { WorkDialog } from '../routing/work.tsx';
import { momentWords } from '../words/time.ts';
import { AddUser } from './adduser.tsx';
import { Leaving } from './leaving.tsx';
import { ResetPassword } from './resetpassword.tsx';
import { ROLE_WORDS } from './role.ts';
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

/** Says that a person has not followed their invitation yet. */
function InvitedBadge({ until }: { readonly until: string | null }) {
  const now = useNow();
  if (until === null) return null;
  const isOver = Date.parse(until) < now;
  return (
    <Badge
      color={isOver ? 'brick' : 'amber'}
      variant="light"
      size="sm"
      title={`${isOver ? 'The link ended' : 'The link works until'} ${momentWords(Date.parse(until))}`}
    >
      {isOver ? 'Invitation expired' : 'Invited'}
    </Badge>
  );
}

function UserRow({ user }: { readonly user: Colleague }) {
  const me = useUser();
  const may = useMay();
  const changing = useChange('updateUser');
  const [isConfirming, setConfirming] = useState(false);
  const [isWorking, setWorking] = useState(false);
  const [isResetting, setResetting] = useState(false);
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
          {user.active ? <InvitedBadge until={user.invitedUntil} /> : null}
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
        {user.active && may('resetPassword') && user.id !== me.id ? (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`${user.invitedUntil === null ? 'New password for' : 'Invite again:'} ${user.name}`}
            onClick={() => setResetting(true)}
          >
            {user.invitedUntil === null ? 'New password' : 'Invite again'}
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
        {isResetting ? <ResetPassword user={user} onClose={() => setResetting(false)} /> : null}
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
