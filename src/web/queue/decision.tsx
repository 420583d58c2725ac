import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { CallError } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { useDrafts } from '../qualification/saving.ts';

/** What a rejection says. */
export interface GivenReason {
  readonly reason?: string;
  readonly note?: string;
  readonly until?: string;
  readonly mergeWith?: string;
}

/**
 * Accepts, rejects and reopens leads, each with a notice; the last decision can be taken back. `onReopened` gets the id of an
 * episode that is open again.
 */
export function useDecisions(onReopened?: (id: string) => void) {
  const accepting = useChange('acceptEpisode');
  const finishing = useChange('finishEpisode');
  const rejecting = useChange('rejectEpisode');
  const reopening = useChange('reopenEpisode');
  const drafts = useDrafts();
  const last = useRef<EpisodeHead | null>(null);

  const reopen = async (episode: EpisodeHead) => {
    notifications.hide(noticeId(episode));
    if (last.current?.id === episode.id) last.current = null;
    try {
      await reopening.mutateAsync({ params: { id: episode.id } });
      onReopened?.(episode.id);
      showDone(`${episode.contact.name} is open again.`);
    } catch (error) {
      showFailure(error);
    }
  };
  const tell = (episode: EpisodeHead, words: string) => {
    last.current = episode;
    showUndoable({ id: noticeId(episode), words, onUndo: () => void reopen(episode) });
  };
  return {
    isBusy: accepting.isPending || finishing.isPending || rejecting.isPending || reopening.isPending,
    /** Accepts once all that was typed is saved. While answers are missing, `onMissing` is called instead. */
    accept: async (episode: EpisodeHead, note = '', onMissing?: () => void): Promise<boolean> => {
      try {
        await drafts.flush(episode.id);
        const deed = isForOthers(episode) ? finishing : accepting;
        await deed.mutateAsync({ params: { id: episode.id }, body: note === '' ? {} : { note } });
        const words = isForOthers(episode) ? 'Done with' : 'Accepted';
        const after = isForOthers(episode) ? '' : ': now sales qualified';
        tell(episode, `${words} ${episode.contact.name}${after}.`);
        return true;
      } catch (error) {
        if (onMissing !== undefined && isMissing(error)) onMissing();
        else showFailure(error);
        return false;
      }
    },
    /** Throws what the server refuses, so that the dialog can show it. */
    reject: async (episode: EpisodeHead, given: GivenReason) => {
      const answer = await rejecting.mutateAsync({ params: { id: episode.id }, body: given });
      const why = answer.reason === null ? '' : `: ${answer.reason.label}`;
      tell(episode, `Rejected ${episode.contact.name}${why}.`);
    },
    reopen,
    /** Takes the last decision made on this page back; false when there is none. */
    undoLast: (): boolean => {
      if (last.current === null) return false;
      void reopen(last.current);
      return true;
    },
  };
}

export type Decisions = ReturnType<typeof useDecisions>;

/** Whether a lead is not accepted because something is still to be found out. */
function isMissing(error: unknown): boolean {
  const errors = error instanceof CallError ? (error.failure?.errors ?? []) : [];
  return errors.some(({ path }) => path.startsWith('qualification.'));
}

function noticeId(episode: EpisodeHead): string {
  return `decision ${episode.id}`;
}

/** Whether a lead is one for another team than sales, where a disqualifier sent it. */
export function isForOthers({ disqualifier }: Pick<EpisodeHead, 'disqualifier'>): boolean {
  return disqualifier !== null;
}
