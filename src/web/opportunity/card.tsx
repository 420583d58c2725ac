import { Box, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import type { Opportunity } from '../../core/opportunity/shape.ts';
import { useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { EpisodeBadge } from '../kit/mark.tsx';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { When } from '../kit/when.tsx';
import { DealDialog, EndDialog } from './dialogs.tsx';
import { amountWords, dealWords } from './words.ts';

type Dialog = 'open' | 'correct' | 'won' | 'lost' | null;

/** The opportunity of an accepted lead: opened, moved through its pipeline, won or lost, and taken back. */
export function OpportunityCard({ episode }: { readonly episode: Episode }) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const moves = useMoves(episode);
  const { opportunity: deal } = episode;
  const mayWork = episode.workRefused === null;
  const close = () => setDialog(null);
  return (
    <Card
      title="Opportunity"
      side={deal === null || episode.state === 'opportunity' ? null : <EpisodeBadge state={episode.state} />}
    >
      {deal === null ? (
        <Group justify="space-between" gap="sm">
          <Text c="dimmed">Accepted; no opportunity yet.</Text>
          {mayWork ? <Button onClick={() => setDialog('open')}>Open an opportunity</Button> : null}
        </Group>
      ) : (
        <Stack gap="sm">
          <Box>
            <Text fw={600} size="lg" style={{ overflowWrap: 'anywhere' }}>
              {deal.name}
            </Text>
            <Text c="dimmed">{dealWords(deal)}</Text>
            {deal.closedAt === null ? null : (
              <Text>
                {deal.stageLabel} <When at={deal.closedAt} />
                {deal.reason === null ? '.' : `: ${deal.reason}`}
              </Text>
            )}
          </Box>
          {deal.closedAt !== null ? (
            mayWork ? (
              <Group>
                <Button
                  variant="default"
                  leftSection={<Icon name="undo" />}
                  loading={moves.isBusy}
                  onClick={() => void moves.reopen()}
                >
                  Reopen the opportunity
                </Button>
              </Group>
            ) : null
          ) : (
            <OpenDeal deal={deal} mayWork={mayWork} moves={moves} onDialog={setDialog} />
          )}
        </Stack>
      )}
      {dialog === 'open' || dialog === 'correct' ? (
        <DealDialog
          episode={episode}
          deal={dialog === 'open' ? null : deal}
          onClose={close}
          onOpened={moves.tellOpened}
        />
      ) : null}
      {(dialog === 'won' || dialog === 'lost') && deal !== null ? (
        <EndDialog episode={episode} deal={deal} end={dialog} onClose={close} onEnded={moves.tellEnded} />
      ) : null}
    </Card>
  );
}

function OpenDeal(props: {
  readonly deal: Opportunity;
  readonly mayWork: boolean;
  readonly moves: Moves;
  readonly onDialog: (dialog: Dialog) => void;
}) {
  const { deal, mayWork, moves, onDialog } = props;
  return (
    <>
      <Box style={{ overflowX: 'auto' }}>
        <SegmentedControl
          aria-label="Stage"
          value={deal.stage}
          disabled={!mayWork || moves.isBusy}
          data={deal.stages.map(({ id, label }) => ({ value: id, label }))}
          onChange={stage => void moves.move(stage)}
        />
      </Box>
      {mayWork ? (
        <Group gap="xs">
          <Button leftSection={<Icon name="check" />} onClick={() => onDialog('won')}>
            Won
          </Button>
          <Button
            variant="outline"
            color="brick"
            leftSection={<Icon name="cross" />}
            onClick={() => onDialog('lost')}
          >
            Lost
          </Button>
          <Button variant="default" onClick={() => onDialog('correct')}>
            Correct
          </Button>
          <Button variant="subtle" color="gray" loading={moves.isBusy} onClick={() => void moves.drop()}>
            Take it back
          </Button>
        </Group>
      ) : null}
    </>
  );
}

/** Moves an opportunity, each move with a notice by which it is taken back. */
function useMoves(episode: Episode) {
  const moving = useChange('moveOpportunity');
  const reopening = useChange('reopenOpportunity');
  const dropping = useChange('dropOpportunity');
  const params = { id: episode.id };
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      showFailure(error);
      return false;
    }
  };
  const id = `opportunity ${episode.id}`;
  const moveTo = (stage: string) => attempt(() => moving.mutateAsync({ params, body: { stage } }));
  const reopen = async () => {
    if (await attempt(() => reopening.mutateAsync({ params, body: {} })))
      showDone('The opportunity is open again.');
  };
  const drop = async () => {
    if (await attempt(() => dropping.mutateAsync({ params })))
      showDone('The opportunity was taken back; the lead stays accepted.');
  };
  return {
    isBusy: moving.isPending || reopening.isPending || dropping.isPending,
    reopen,
    drop,
    move: async (stage: string) => {
      const { opportunity: before } = episode;
      const label = before?.stages.find(known => known.id === stage)?.label ?? stage;
      if (before === null || !(await moveTo(stage))) return;
      showUndoable({ id, words: `Moved to ${label}.`, onUndo: () => void moveTo(before.stage) });
    },
    tellOpened: () => showUndoable({ id, words: 'The opportunity is open.', onUndo: () => void drop() }),
    tellEnded: (ended: Opportunity) => {
      const money = amountWords(ended);
      const words = `${ended.stageLabel}${money === null ? '' : `: ${money}`}.`;
      showUndoable({ id, words, onUndo: () => void reopen() });
    },
  };
}

type Moves = ReturnType<typeof useMoves>;
