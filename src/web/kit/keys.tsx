import { ActionIcon, Group, Kbd, Modal, Stack, Text, Tooltip } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { Icon } from './icon.tsx';

/** Keys and what they do. */
type Keys = readonly (readonly [keys: readonly string[], words: string])[];

/** The keys of the queue. */
export const QUEUE_KEYS: Keys = [
  [['j', '↓'], 'Next lead'],
  [['k', '↑'], 'Previous lead'],
  [['Enter'], 'Open the contact'],
  [['a'], 'Accept'],
  [['r'], 'Reject, with a reason'],
  [['t'], 'Log a touch'],
  [['s'], 'Snooze the lead'],
  [['m'], 'Take the lead over'],
  [['b'], 'Hand the lead back'],
  [['u'], 'Undo the last decision'],
  [['1', '9'], 'Choose a reason while rejecting, a time while snoozing'],
  [['x'], 'Tick the lead, to move it with others'],
  [['Shift', 'x'], 'Tick all from the last one ticked'],
  [['Ctrl', 'Enter'], 'Send a dialog, from any of its fields'],
  [['/'], 'Search contacts'],
  [['?'], 'Show or hide these keys'],
];

/** The keys of the exceptions. */
export const EXCEPTION_KEYS: Keys = [
  [['j', '↓'], 'Next one'],
  [['k', '↑'], 'Previous one'],
  [['Enter'], 'Open the contact'],
  [['a'], 'Assign the lead to somebody'],
  [['m'], 'Take the lead oneself'],
  [['f'], 'Fill in what is missing'],
  [['n'], 'Try routing now'],
  [['c'], 'Close, with a note'],
  [['/'], 'Search contacts'],
  [['?'], 'Show or hide these keys'],
];

/** The keys of a rep's day. */
export const TODAY_KEYS: Keys = [
  [['j', '↓'], 'Next lead'],
  [['k', '↑'], 'Previous lead'],
  [['Enter'], 'Open the contact'],
  [['c'], 'Call the lead'],
  [['l'], 'Log a call'],
  [['s'], 'Snooze the lead'],
  [['/'], 'Search contacts'],
  [['?'], 'Show or hide these keys'],
];

/** The keys of the possible duplicates. */
export const DUPLICATE_KEYS: Keys = [
  [['j', '↓'], 'Next pair'],
  [['k', '↑'], 'Previous pair'],
  [['l'], 'Merge into the left one'],
  [['r'], 'Merge into the right one'],
  [['x'], 'Keep the two apart'],
  [['u'], 'Undo the last decision'],
  [['/'], 'Search contacts'],
  [['?'], 'Show or hide these keys'],
];

/** Sends a form when Ctrl or Cmd and Enter are pressed in any of its fields. */
export function submitByKeys(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** The keys of a page. */
export function KeyHelp(props: {
  readonly keys: Keys;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Keys on this page" size="sm">
      <Stack gap="xs">
        {props.keys.map(([keys, words]) => (
          <Group key={words} justify="space-between">
            <Text>{words}</Text>
            <Group gap={4}>
              {keys.map(key => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

/** Shows the keys of a page; not on phones, which have none. */
export function KeyButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <Tooltip label="Keys on this page (?)">
      <ActionIcon
        variant="default"
        size="lg"
        aria-label="Keys on this page"
        visibleFrom="sm"
        onClick={onOpen}
      >
        <Icon name="keyboard" />
      </ActionIcon>
    </Tooltip>
  );
}
