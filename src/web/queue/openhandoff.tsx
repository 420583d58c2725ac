import { Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import type { Stage } from '../../core/scoring/stage.ts';
import { Clocks } from '../followup/clocks.tsx';
import { stageWords } from '../kit/mark.tsx';
import { QualificationCard, StillMissing } from '../qualification/form.tsx';
import { type Dialog, EpisodeActions } from './actions.tsx';
import { isForOthers, useDecisions } from './decision.tsx';
import { EpisodeDialogs } from './dialogs.tsx';
import { Activities, HandoffFacts, RoutedBy, Since } from './handoff.tsx';
import css from './queue.module.css';
import { Snoozed } from './snooze.tsx';
import { useTransfers } from './transfer.tsx';
import { Flag, Waiting } from './waiting.tsx';

/**
 * The handoff of a contact that waits for a decision, with what may be done: on top of its page, and on a narrow one the
 * actions stay at its lower edge.
 */
export function OpenHandoff(props: {
  readonly episode: Episode;
  readonly stage: Stage;
  /** Whether the cursor goes to the first answer that is missing. */
  readonly isAsked: boolean;
  readonly onAsk: (isAsked: boolean) => void;
}) {
  const { episode, stage, isAsked, onAsk } = props;
  const decisions = useDecisions();
  const transfers = useTransfers();
  const [dialog, setDialog] = useState<Dialog>(null);
  const accept = () => void decisions.accept(episode, '', () => onAsk(true));
  return (
    <>
      <Paper
        component="section"
        aria-label="Open handoff"
        withBorder
        p="sm"
        bg="var(--baton-surface)"
        className={css.open ?? ''}
      >
        <Stack gap="xs">
          <HandoffFacts episode={episode} />
          <Clocks episode={episode} />
          <Text>{episode.sentence}</Text>
          <Since episode={episode} />
          {isForOthers(episode) ? (
            <Text c="dimmed">
              The agreement sends this lead to another team{episode.team === null ? '' : `, ${episode.team}`}:{' '}
              {episode.disqualifier?.label}. It is not a lead of sales, so its stage stays {stageWords(stage)}
              .
            </Text>
          ) : null}
          <Snoozed episode={episode} />
          <Flag episode={episode} />
          <Waiting episode={episode} />
          <StillMissing episode={episode} onShow={() => onAsk(true)} />
          <Activities activities={episode.activities} />
          <div className={css.bar}>
            <EpisodeActions
              episode={episode}
              decisions={decisions}
              onAccept={accept}
              onTake={() => void transfers.take(episode)}
              onOpen={setDialog}
            />
          </div>
          <RoutedBy episode={episode} />
        </Stack>
        <EpisodeDialogs
          open={dialog}
          episode={episode}
          decisions={decisions}
          onClose={() => setDialog(null)}
        />
      </Paper>
      <QualificationCard episode={episode} isAsked={isAsked} onShown={() => onAsk(false)} onAccept={accept} />
    </>
  );
}

/** Room below the last line of a page for the actions that stay at its lower edge. */
export function BarRoom() {
  return <div className={css.room} aria-hidden="true" />;
}
