import type { EpisodeHead } from '../../contract/api/episode.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';

/** A lead that changes hands: its episode, its contact, and who owns it now. */
export type Passed = Pick<EpisodeHead, 'id' | 'contact' | 'owner'>;

/** Gives leads to somebody, takes them over and hands them back, each with a notice. */
export function useTransfers() {
  const giving = useChange('reassignEpisode');
  const taking = useChange('takeEpisode');
  const returning = useChange('handBackEpisode');

  const giveBack = async (lead: Passed, ownerId: string) => {
    try {
      const { owner } = await giving.mutateAsync({ params: { id: lead.id }, body: { ownerId } });
      showDone(`${lead.contact.name} belongs to ${owner?.name ?? 'somebody else'} again.`);
    } catch (error) {
      showFailure(error);
    }
  };
  /**
   * A lead that nobody owned cannot be made ownerless again, and one that is no longer theirs is not taken back by the
   * person who gave it away: only another change of owners is undone. `after` is the lead as it is now.
   */
  const tell = (lead: Passed, words: string, after: Pick<EpisodeHead, 'workRefused'>) => {
    const { owner } = lead;
    if (owner === null || after.workRefused !== null) return showDone(words);
    showUndoable({ id: `owner ${lead.id}`, words, onUndo: () => void giveBack(lead, owner.id) });
  };
  return {
    isBusy: giving.isPending || taking.isPending || returning.isPending,
    take: async (lead: Passed): Promise<boolean> => {
      try {
        const after = await taking.mutateAsync({ params: { id: lead.id }, body: {} });
        tell(lead, `${lead.contact.name} is yours now.`, after);
        return true;
      } catch (error) {
        showFailure(error);
        return false;
      }
    },
    /** Throws what the server refuses, so that the dialog can show it. */
    give: async (lead: Passed, body: { readonly ownerId: string; readonly note?: string }) => {
      const after = await giving.mutateAsync({ params: { id: lead.id }, body });
      tell(lead, `${lead.contact.name} now belongs to ${after.owner?.name ?? 'somebody else'}.`, after);
    },
    /** Throws what the server refuses, so that the dialog can show it. */
    handBack: async (lead: Passed, body: { readonly note?: string }) => {
      const after = await returning.mutateAsync({ params: { id: lead.id }, body });
      const { owner, waitingFor } = after;
      const next =
        owner === null ? `it waits: ${waitingFor ?? 'nobody can take it'}` : `it went to ${owner.name}`;
      tell(lead, `You handed ${lead.contact.name} back; ${next}.`, after);
    },
  };
}
