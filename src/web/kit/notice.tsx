import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { errorWords } from '../client/client.ts';

/** How long something can be taken back from its notice, in milliseconds. */
const UNDO_MS = 12_000;

/** Says what was done, with a button that takes it back; of one `id` only the last notice is shown. */
export function showUndoable(of: {
  readonly id: string;
  readonly words: string;
  readonly onUndo: () => void;
}): void {
  const undo = () => {
    notifications.hide(of.id);
    of.onUndo();
  };
  notifications.hide(of.id);
  notifications.show({
    id: of.id,
    color: 'pine',
    autoClose: UNDO_MS,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text>{of.words}</Text>
        <Button size="compact-xs" variant="default" style={{ flexShrink: 0 }} onClick={undo}>
          Undo
        </Button>
      </Group>
    ),
  });
}

/** Says what was done. */
export function showDone(words: string): void {
  notifications.show({ color: 'pine', message: words });
}

/** Says that something was tried and did not change what one hoped for. */
export function showNothing(words: string): void {
  notifications.show({ color: 'amber', message: words, autoClose: 8_000 });
}

/** Shows in a notice what went wrong. */
export function showFailure(error: unknown): void {
  notifications.show({
    color: 'brick',
    title: 'That did not work',
    message: errorWords(error),
    autoClose: 8_000,
  });
}
