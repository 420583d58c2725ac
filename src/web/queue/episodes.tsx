import { Box, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import { Clocks } from '../followup/clocks.tsx';
import { Card } from '../kit/card.tsx';
import { ScoreShift } from '../kit/mark.tsx';
import { When } from '../kit/when.tsx';
import { type Dialog, EpisodeActions } from './actions.tsx';
import { useDecisions } from './decision.tsx';
import { EpisodeDialogs } from './dialogs.tsx';
import css from './episodes.module.css';
import { Activities, HandoffFacts, RoutedBy } from './handoff.tsx';
import { useTransfers } from './transfer.tsx';
import { Flag, Waiting } from './waiting.tsx';

/**
 * The times a contact was handed over that are decided, newest first, with what may be done now. One that is open stands on
 * top of the page; nothing where there is no other.
 */
export function Handoffs({ episodes }: { readonly episodes: readonly Episode[] }) {
  const decided = episodes
    .filter(({ state }) => state !== 'open')
    .sort((a, b) => Date.parse(b.handedOffAt) - Date.parse(a.handedOffAt));
  const isOpen = decided.length < episodes.length;
  if (isOpen && decided.length === 0) return null;
  return (
    <Card title={isOpen ? 'Earlier handoffs' : 'Handoffs'}>
      <Stack gap="sm">
        {decided.length === 0 ? (
          <Text c="dimmed">Not yet: sales gets this contact the moment it qualifies.</Text>
        ) : null}
        {decided.map(episode => (
          <EpisodeBox key={episode.id} episode={episode} />
        ))}
      </Stack>
    </Card>
  );
}

function EpisodeBox({ episode }: { readonly episode: Episode }) {
  const decisions = useDecisions();
  const transfers = useTransfers();
  const [dialog, setDialog] = useState<Dialog>(null);
  const { decidedAt, reason, note } = episode;
  return (
    <Box className={css.episode} data-episode={episode.id}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <HandoffFacts episode={episode} />
          <ScoreShift then={episode} now={episode.now} />
        </Group>
        <Clocks episode={episode} />
        <Flag episode={episode} />
        <Waiting episode={episode} />
        <Text>{episode.sentence}</Text>
        {decidedAt === null ? null : (
          <Text c="dimmed">
            Decided <When at={decidedAt} />
            {reason === null ? '' : `: ${reason.label}`}
            {note === null ? '' : `. “${note}”`}
          </Text>
        )}
        {episode.activities.length === 0 ? null : <Activities activities={episode.activities} />}
        <EpisodeActions
          episode={episode}
          decisions={decisions}
          onAccept={() => void decisions.accept(episode)}
          onTake={() => void transfers.take(episode)}
          onOpen={setDialog}
        />
        <RoutedBy episode={episode} />
      </Stack>
      <EpisodeDialogs open={dialog} episode={episode} decisions={decisions} onClose={() => setDialog(null)} />
    </Box>
  );
}
