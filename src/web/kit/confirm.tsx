import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { errorWords } from '../client/client.ts';

/** Asks once more before something that is hard to take back. */
export function Confirm(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly verb: string;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened onClose={props.onClose} title={props.title} size="sm">
      <Stack gap="md">
        <Text component="div">{props.children}</Text>
        {props.error === null ? null : <Alert color="brick">{errorWords(props.error)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="brick" loading={props.isBusy} onClick={props.onConfirm}>
            {props.verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
