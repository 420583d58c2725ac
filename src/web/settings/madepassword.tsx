import { Button, Group, Stack, Text } from '@mantine/core';
import { Secret } from '../kit/secret.tsx';

/** Shows the password that was made for a person, this once. */
export function MadePassword(props: {
  readonly name: string;
  readonly password: string;
  readonly onClose: () => void;
}) {
  return (
    <Stack gap="md">
      <Text>
        Give this password to {props.name} in person. It is shown only now. At the next sign-in they are asked
        for one of their own.
      </Text>
      <Secret label="Password" value={props.password} />
      <Group justify="flex-end">
        <Button onClick={props.onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
