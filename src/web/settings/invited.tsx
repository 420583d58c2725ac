import { Button, Group, Stack, Text } from '@mantine/core';
import type { CallOutput } from '../client/client.ts';
import { Secret } from '../kit/secret.tsx';
import { Moment } from '../kit/when.tsx';

/** Says that an invitation is on its way by mail, or shows its link, this once. */
export function Invited(props: {
  readonly user: { readonly name: string; readonly email: string };
  readonly invitation: CallOutput<'inviteUser'>['invitation'];
  readonly onClose: () => void;
}) {
  const { user, invitation } = props;
  const { link, expiresAt } = invitation;
  return (
    <Stack gap="md">
      {link === null ? (
        <Text>
          A mail with a link is on its way to {user.email}. By it {user.name} chooses a password; it works
          once, until <Moment at={expiresAt} />.
        </Text>
      ) : (
        <>
          <Text>
            Baton sends no mail yet, so pass this link on to {user.name} yourself. By it they choose a
            password. It works once, until <Moment at={expiresAt} />, and is shown only now.
          </Text>
          <Secret label="Link" value={new URL(link, window.location.origin).href} />
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={props.onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
