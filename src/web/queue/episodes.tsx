import { Box, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import { Clocks } from '../followup/clocks.tsx';
import { ScoreShift } from '../kit/mark.tsx';
import { When } from '../kit/when.tsx';
import { RoutingFold } from '../routing/why.tsx';
import { routedWords } from '../routing/words.ts';
import { type Dialog, EpisodeActions } from './actions.tsx';
import { useDecisions } from './decision.tsx';
import { EpisodeDialogs } from './dialogs.tsx';
import css from './episodes.module.css';
import { Activities, HandoffFacts } from './handoff.tsx';
import { useTransfers } from './transfer.tsx';
import { Flag, Waiting } from './waiting.tsx';

/** Every time a contact was handed over, newest first, with what may be done now. */
export function Episodes({ episodes }: { readonly episodes: readonly Episode[] }) {
  if (episodes.length === 0)
    return <Text c="dimmed">Not yet: sales gets this contact the moment it qualifies.</Text>;
  const sorted = [...episodes].sort((a, b) => Date.parse(b.handedOffAt) - Date.parse(a.handedOffAt));
  return (
    <Stack gap="sm">
      {sorted.map(episode => (
        <EpisodeBox key={episode.id} episode={episode} />
      ))}
    </Stack>
  );
}

function EpisodeBox({ episode }: { readonly episode: Episode }) {
  const decisions = useDecisions();
  const transfers = useTransfers();
  const [dialog, setDialog] = useState<Dialog>(null);
  const { decidedAt, reason, note } = episode;
  const routed = routedWords(episode);
  return (
    <Box className={css.episode} data-episode={episode.id} data-open={episode.state === 'open'}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <HandoffFacts episode={episode} />
          <ScoreShift then={episode} now={episode.now} />
        </Group>
        {episode.state === 'open' ? null : <Clocks episode={episode} />}
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
        {episode.activities.length === 0 && episode.state !== 'open' ? null : (
          <Activities activities={episode.activities} />
        )}
        {episode.state === 'open' ? null : (
          <EpisodeActions
            episode={episode}
            decisions={decisions}
            onAccept={() => void decisions.accept(episode)}
            onTake={() => void transfers.take(episode)}
            onOpen={setDialog}
          />
        )}
        <Text size="xs" c="dimmed">
          {routed === '' ? 'Agreement' : `${routed} · agreement`} version {episode.agreementVersion}
        </Text>
        <RoutingFold episodeId={episode.id} owned={episode.owner !== null} />
      </Stack>
      <EpisodeDialogs open={dialog} episode={episode} decisions={decisions} onClose={() => setDialog(null)} />
    </Box>
  );
}
