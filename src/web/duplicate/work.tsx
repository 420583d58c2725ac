import { useRef } from 'react';
import type { Duplicate } from '../../contract/api/duplicate.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import type { Kept } from './table.tsx';

/** Merges contacts that may be one person, keeps them apart, and takes either back; each with a notice. */
export function useDuplicateWork() {
  const merging = useChange('mergeDuplicate');
  const parting = useChange('keepDuplicateApart');
  const reopening = useChange('reopenDuplicate');
  const undoing = useChange('undoMerge');
  const last = useRef<(() => void) | null>(null);

  const reopen = async (pair: Duplicate) => {
    try {
      await reopening.mutateAsync({ params: { id: pair.id } });
      showDone(`${namesOf(pair)} are up for review again.`);
    } catch (error) {
      showFailure(error);
    }
  };
  const undoMerge = async (pair: Duplicate, mergeId: string) => {
    try {
      await undoing.mutateAsync({ params: { id: mergeId } });
      showDone(`${namesOf(pair)} are apart again.`);
    } catch (error) {
      showFailure(error);
    }
  };
  const tell = (pair: Duplicate, words: string, undo: () => void) => {
    const takeBack = () => {
      last.current = null;
      undo();
    };
    last.current = takeBack;
    showUndoable({ id: `likeness ${pair.id}`, words, onUndo: takeBack });
  };
  return {
    isBusy: merging.isPending || parting.isPending || reopening.isPending || undoing.isPending,
    /** Throws what the server refuses, so that the dialog can show it. */
    merge: async (pair: Duplicate, body: { readonly into: string; readonly keep: Kept }) => {
      const answer = await merging.mutateAsync({ params: { id: pair.id }, body });
      const mergeId = answer.merge?.id ?? null;
      const words = `${namesOf(pair)} are one now, with all their history.`;
      if (mergeId === null) showDone(words);
      else tell(pair, words, () => void undoMerge(pair, mergeId));
    },
    keepApart: async (pair: Duplicate) => {
      try {
        await parting.mutateAsync({ params: { id: pair.id }, body: {} });
        tell(pair, `${namesOf(pair)} stay apart.`, () => void reopen(pair));
      } catch (error) {
        showFailure(error);
      }
    },
    reopen,
    undoMerge,
    /** Takes the last decision made on this page back; false when there is none. */
    undoLast: (): boolean => {
      const undo = last.current;
      undo?.();
      return undo !== null;
    },
  };
}

export type DuplicateWork = ReturnType<typeof useDuplicateWork>;

/** Both names; once when they are the same. */
function namesOf({ a, b }: Duplicate): string {
  return a.name === b.name ? `The two contacts of ${a.name}` : `${a.name} and ${b.name}`;
}
