import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Colleague } from '../../contract/api/session.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { closingBy } from '../kit/secret.tsx';
import { Invited } from './invited.tsx';
import { MadePassword } from './madepassword.tsx';

/** Lets a person choose a new password by a link, or gives them one and shows it. */
export function ResetPassword({ user, onClose }: { readonly user: Colleague; readonly onClose: () => void }) {
  const inviting = useChange('inviteUser');
  const resetting = useChange('resetPassword');
  const session = useCall('getSession', {});
  const byMail = session.data?.resetByMail === true;
  if (inviting.data !== undefined) {
    const { user: invited, invitation } = inviting.data;
    return (
      <Modal
        opened
        onClose={onClose}
        {...closingBy(invitation.link === null)}
        title={`A link for ${user.name}`}
      >
        <Invited user={invited} invitation={invitation} onClose={onClose} />
      </Modal>
    );
  }
  if (resetting.data !== undefined)
    return (
      <Modal opened onClose={onClose} {...closingBy(false)} title={`${user.name} has a new password`}>
        <MadePassword name={user.name} password={resetting.data.password} onClose={onClose} />
      </Modal>
    );
  const params = { id: user.id };
  const error = inviting.error ?? resetting.error;
  return (
    <Modal opened onClose={onClose} title={`A new password for ${user.name}`}>
      <Stack gap="md">
        <Text>
          {byMail ? 'A link by mail' : 'A link that you pass on'} lets {user.name} choose one; until then the
          old password works. Or make one: the old password stops at once, {user.name} is signed out
          everywhere, and is asked for another one at the next sign-in.
        </Text>
        {error === null ? null : <Alert color="brick">{errorWords(error)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="default"
            loading={resetting.isPending}
            onClick={() => resetting.mutate({ params })}
          >
            Make a new password
          </Button>
          <Button loading={inviting.isPending} onClick={() => inviting.mutate({ params })} data-autofocus>
            {byMail ? 'Send a link' : 'Make a link'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
