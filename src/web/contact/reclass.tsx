import type { TimelineItem } from '../../contract/api/contact.ts';
import { useChange } from '../client/query.ts';
import { showFailure, showUndoable } from '../kit/notice.tsx';

/** Says of a contact's event that a machine made it, or a person; with a notice from which it is taken back. */
export function useReclass(contactId: string) {
  const classing = useChange('classEvent');
  const tell = async (item: TimelineItem, machine: boolean) => {
    if (item.eventId === null) return;
    try {
      await classing.mutateAsync({ params: { id: contactId, eventId: item.eventId }, body: { machine } });
    } catch (error) {
      showFailure(error);
      return;
    }
    showUndoable({
      id: `class ${item.eventId}`,
      words: machine
        ? `“${item.title}” counts as made by a bot: it no longer scores.`
        : `“${item.title}” counts as done by a person: it scores.`,
      onUndo: () => void tell(item, !machine),
    });
  };
  return { isBusy: classing.isPending, tell };
}
