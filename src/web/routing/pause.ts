import { call } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';

/** Somebody whose work is spoken of. */
export interface Who {
  readonly userId: string;
  readonly name: string;
}

/** Takes somebody out of routing until further notice, and back in; each can be taken back from its notice. */
export function usePause() {
  const saving = useChange('saveAvailability');
  const set = async ({ userId }: Who, paused: boolean) => {
    const params = { id: userId };
    const { timezone, hours, holidays, open } = await call('getAvailability', { params });
    await saving.mutateAsync({ params, body: { timezone, hours, holidays, open, paused } });
  };
  const say = ({ name }: Who, paused: boolean) =>
    paused ? `${name} is paused and gets no new leads.` : `${name} gets leads again.`;
  const undo = async (who: Who, paused: boolean) => {
    try {
      await set(who, paused);
      showDone(say(who, paused));
    } catch (error) {
      showFailure(error);
    }
  };
  return {
    isBusy: saving.isPending,
    pause: async (who: Who, paused: boolean) => {
      try {
        await set(who, paused);
        showUndoable({
          id: `pause ${who.userId}`,
          words: say(who, paused),
          onUndo: () => void undo(who, !paused),
        });
      } catch (error) {
        showFailure(error);
      }
    },
  };
}
