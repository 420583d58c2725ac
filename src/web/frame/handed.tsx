import { Anchor, PasswordInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import type { User } from '../../contract/api/session.ts';
import { MAX_PASSWORD } from '../../core/access/password.ts';
import { useChange } from '../client/query.ts';
import { ChoosePassword } from './choosepassword.tsx';
import { Entrance } from './entrance.tsx';

/** Asks a person for a password of their own, after the first sign-in with one that an admin handed over. */
export function HandedPage({ user, onLeave }: { readonly user: User; readonly onLeave: () => void }) {
  useDocumentTitle('Choose a password · Baton');
  const changing = useChange('changePassword');
  const [current, setCurrent] = useState('');
  return (
    <Entrance
      title="Choose your own password"
      words={`Hello ${user.name}. Somebody else made the password that you signed in with, so it is not yours alone.`}
    >
      <ChoosePassword
        owner={user}
        verb="Save and begin"
        isBusy={changing.isPending}
        error={changing.error}
        onChoose={next => changing.mutate({ body: { current, next } })}
      >
        <PasswordInput
          label="The password you were given"
          autoComplete="current-password"
          maxLength={MAX_PASSWORD}
          value={current}
          required
          onChange={event => setCurrent(event.currentTarget.value)}
        />
      </ChoosePassword>
      <Anchor component="button" type="button" mt="md" onClick={onLeave}>
        Sign out
      </Anchor>
    </Entrance>
  );
}
