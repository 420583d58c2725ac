import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['j', '↓'], 'Next lead'],
  [['k', '↑'], 'Previous lead'],
  [['Enter'], 'Open the contact'],
  [['a'], 'Accept'],
  [['r'], 'Reject, with a reason'],
  [['t'], 'Log a touch'],
  [['u'], 'Undo the last decision'],
  [['/'], 'Search contacts'],
  [['?'], 'Show or hide these keys'],
];

/** The keys of the queue. */
export function KeyHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys on this page" size="sm">
      <Stack gap="xs">
        {KEYS.map(([keys, words]) => (
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
