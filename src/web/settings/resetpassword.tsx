import { Modal } from '@mantine/core';
import type { User } from '../../contract/api/session.ts';
import { useChange } from '../client/query.ts';
import { Confirm } from '../kit/confirm.tsx';
import { closingBy } from '../kit/secret.tsx';
import { MadePassword } from './madepassword.tsx';

/** Gives a person a new password once that is confirmed, and shows it. */
export function ResetPassword({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const resetting = useChange('resetPassword');
  const done = resetting.data;
  if (done !== undefined)
    return (
      <Modal opened onClose={onClose} {...closingBy(false)} title={`${user.name} has a new password`}>
        <MadePassword name={user.name} password={done.password} onClose={onClose} />
      </Modal>
    );
  return (
    <Confirm
      title={`Give ${user.name} a new password?`}
      verb="Make a new password"
      isBusy={resetting.isPending}
      error={resetting.error}
      onConfirm={() => resetting.mutate({ params: { id: user.id } })}
      onClose={onClose}
    >
      The old password stops working, and {user.name} is signed out everywhere.
    </Confirm>
  );
}
