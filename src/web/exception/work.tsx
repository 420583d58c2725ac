import type { Exception } from '../../contract/api/exception.ts';
import type { CallInput } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure, showNothing, showUndoable } from '../kit/notice.tsx';
import { exceptionWords } from '../routing/words.ts';

type Values = CallInput<'completeException'>['body']['values'];

/** What may be done about something that waits for a person, each with a notice. */
export function useExceptionWork() {
  const taking = useChange('takeException');
  const retrying = useChange('retryException');
  const completing = useChange('completeException');
  const closing = useChange('closeException');
  const parting = useChange('partException');
  const resending = useChange('retryDeliveries');

  /** Makes somebody the one who deals with it, oneself without an id. Throws what the server refuses. */
  const entrust = async (exception: Exception, ownerId: string | null) => {
    const body = ownerId === null ? {} : { ownerId };
    const { owner } = await taking.mutateAsync({ params: { id: exception.id }, body });
    const words =
      ownerId === null ? 'You deal with it now.' : `${owner?.name ?? 'Somebody'} deals with it now.`;
    const before = exception.owner;
    if (before === null || before.id === owner?.id) return showDone(words);
    showUndoable({
      id: `entrust ${exception.id}`,
      words,
      onUndo: () => void entrust({ ...exception, owner }, before.id).catch(showFailure),
    });
  };
  return {
    isBusy:
      taking.isPending ||
      retrying.isPending ||
      completing.isPending ||
      closing.isPending ||
      parting.isPending ||
      resending.isPending,
    entrust,
    retry: async (exception: Exception) => {
      try {
        const after = await retrying.mutateAsync({ params: { id: exception.id } });
        if (after.closedAt === null) showNothing(`Tried again, and it still waits. ${exceptionWords(after)}`);
        else showDone(settledWords(after));
      } catch (error) {
        showFailure(error);
      }
    },
    /** Throws what the server refuses, so that the form can show it by field. */
    complete: async (exception: Exception, values: Values) => {
      const after = await completing.mutateAsync({ params: { id: exception.id }, body: { values } });
      if (after.closedAt === null) showNothing(`Filled in, and it still waits. ${exceptionWords(after)}`);
      else showDone(settledWords(after));
    },
    part: async (exception: Exception) => {
      try {
        const { parted, kept } = await parting.mutateAsync({ params: { id: exception.id } });
        const left = kept.length === 0 ? '' : ` ${kept.length} stay joined: ${kept[0]}.`;
        showDone(`Taken apart: ${parted}.${left}`);
      } catch (error) {
        showFailure(error);
      }
    },
    /** Throws what the server refuses, so that the dialog can show it. */
    close: async (exception: Exception, note: string) => {
      await closing.mutateAsync({ params: { id: exception.id }, body: { note } });
      showDone(`Closed: ${exception.reason.label}.`);
    },
    resend: async () => {
      try {
        const { count } = await resending.mutateAsync({ body: { state: 'failed' } });
        showDone(count === 0 ? 'No message has failed permanently.' : `Sending again: ${count}.`);
      } catch (error) {
        showFailure(error);
      }
    },
  };
}

export type ExceptionWork = ReturnType<typeof useExceptionWork>;

function settledWords({ contact, resolution }: Exception): string {
  return `${contact?.name ?? 'It'} no longer waits${resolution === null ? '' : `: ${resolution}`}.`;
}
