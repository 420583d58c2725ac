import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { EndpointName } from '../contract/api.ts';
import type { TimelineItem } from '../contract/shapes.ts';
import { STALE_AFTER_WORK, showFailure } from './decision.tsx';
import { useChange } from './query.ts';

/** What the pages ask for again once an event counts otherwise: the score moves, and may open a handoff. */
const STALE_AFTER_CLASS: readonly EndpointName[] = [
  ...STALE_AFTER_WORK,
  'getContactScore',
  'getContactChanges',
  'getContactCourse',
];

/** How long it can be taken back from its notice, in milliseconds. */
const UNDO_MS = 12_000;

/** Says of a contact's event that a machine made it, or a person; with a notice from which it is taken back. */
export function useReclass(contactId: string) {
  const classing = useChange('classEvent', STALE_AFTER_CLASS);
  const tell = async (item: TimelineItem, machine: boolean) => {
    if (item.eventId === null) return;
    try {
      await classing.mutateAsync({ params: { id: contactId, eventId: item.eventId }, body: { machine } });
    } catch (error) {
      showFailure(error);
      return;
    }
    const id = `class ${item.eventId}`;
    const undo = () => {
      notifications.hide(id);
      void tell(item, !machine);
    };
    notifications.hide(id);
    notifications.show({
      id,
      color: 'pine',
      autoClose: UNDO_MS,
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text>
            {machine
              ? `“${item.title}” counts as made by a bot: it no longer scores.`
              : `“${item.title}” counts as done by a person: it scores.`}
          </Text>
          <Button size="compact-xs" variant="default" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  };
  return { isBusy: classing.isPending, tell };
}
