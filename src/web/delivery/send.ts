import type { Delivery } from '../../contract/api/delivery.ts';
import { counted } from '../../core/text/number.ts';
import { useChange } from '../client/query.ts';
import { showDone, showFailure } from '../kit/notice.tsx';
import { CHANNEL_WORDS } from './words.ts';

/** Sends deliveries again, one or all that failed, with a notice. */
export function useSending() {
  const retrying = useChange('retryDelivery');
  const retryingAll = useChange('retryDeliveries');
  return {
    isBusy: retrying.isPending || retryingAll.isPending,
    /** The id under which it is on its way, which is a new one for a message that had arrived; null when refused. */
    send: async ({ id, to }: Pick<Delivery, 'id' | 'to'>): Promise<string | null> => {
      try {
        const answer = await retrying.mutateAsync({ params: { id } });
        showDone(`On its way again to ${to}.`);
        return answer.id;
      } catch (error) {
        showFailure(error);
        return null;
      }
    },
    sendFailed: async (channel?: Delivery['channel']) => {
      try {
        const { count } = await retryingAll.mutateAsync({
          body: { state: 'failed', ...(channel === undefined ? {} : { channel }) },
        });
        const of = channel === undefined ? '' : ` of ${CHANNEL_WORDS[channel]}`;
        showDone(
          count === 0 ? `Nothing${of} has failed.` : `${counted(count, 'message')}${of} on the way again.`,
        );
      } catch (error) {
        showFailure(error);
      }
    },
  };
}

export type Sending = ReturnType<typeof useSending>;
