import type { EpisodeHead } from '../../contract/api/episode.ts';
import type { Dialog } from './actions.tsx';
import type { Decisions } from './decision.tsx';
import { HandBackDialog, ReassignDialog } from './reassign.tsx';
import { RejectDialog } from './reject.tsx';
import { SnoozeDialog } from './snooze.tsx';
import { TouchDialog } from './touch.tsx';

/** The dialog that is open about an episode, if any. */
export function EpisodeDialogs(props: {
  readonly open: Dialog;
  readonly episode: EpisodeHead;
  readonly decisions: Decisions;
  readonly onClose: () => void;
  readonly onRejected?: () => void;
}) {
  const { open, episode, decisions, onClose, onRejected } = props;
  if (open === 'touch') return <TouchDialog episode={episode} onClose={onClose} />;
  if (open === 'reassign') return <ReassignDialog lead={episode} onClose={onClose} />;
  if (open === 'handback') return <HandBackDialog lead={episode} onClose={onClose} />;
  if (open !== 'reject' && open !== 'snooze') return null;
  const finish = () => {
    onClose();
    onRejected?.();
  };
  if (open === 'snooze') return <SnoozeDialog episode={episode} onClose={onClose} onDone={finish} />;
  return <RejectDialog episode={episode} decisions={decisions} onClose={onClose} onDone={finish} />;
}
