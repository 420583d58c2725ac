import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Episode } from '../../contract/api/episode.ts';
import { stateWords } from '../../core/followup/words.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useNow } from '../kit/clock.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { momentWords } from '../words/time.ts';
import css from './clocks.module.css';
import { PauseDialog } from './pause.tsx';
import { Ruler } from './ruler.tsx';

type Clock = Episode['clocks'][number];

const NAME = { firstTouch: 'First touch', decision: 'Decision' } as const;
const ICON: Readonly<Record<Clock['state'], IconName>> = {
  running: 'clock',
  paused: 'pause',
  kept: 'check',
  missed: 'warning',
};

/** The clocks of a handoff in words, with what may be done about them, and which of the time counted. */
export function Clocks({ episode }: { readonly episode: Episode }) {
  const [isPausing, setPausing] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const resuming = useChange('resumeEpisode');
  const { clocks, attempts, workRefused } = episode;
  if (clocks.length === 0) return null;
  const decision = clocks.find(({ kind }) => kind === 'decision');
  const mayWork = workRefused === null && episode.state === 'open';
  return (
    <Stack gap={6}>
      <ul className={css.clocks}>
        {clocks.map(clock => (
          <ClockLine key={clock.kind} clock={clock} attempts={attempts} />
        ))}
      </ul>
      {resuming.error === null ? null : <Alert color="brick">{errorWords(resuming.error)}</Alert>}
      <Group gap="xs">
        {mayWork && decision?.state === 'running' ? (
          <Button size="xs" variant="default" onClick={() => setPausing(true)}>
            Pause the decision
          </Button>
        ) : null}
        {mayWork && decision?.state === 'paused' ? (
          <Button
            size="xs"
            variant="default"
            loading={resuming.isPending}
            onClick={() => resuming.mutate({ params: { id: episode.id } })}
          >
            Resume now
          </Button>
        ) : null}
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(current => !current)}
        >
          {isOpen ? 'Hide which time counted' : 'Which time counted'}
        </Button>
      </Group>
      {isOpen ? <Rulers episode={episode} /> : null}
      {isPausing ? <PauseDialog episode={episode} onClose={() => setPausing(false)} /> : null}
    </Stack>
  );
}

/** How a clock stands: its words, its icon and its colour say the same. */
function ClockLine({ clock, attempts }: { readonly clock: Clock; readonly attempts: number }) {
  const { kind, state, dueAt, stoppedAt } = clock;
  const now = useNow();
  const due = Date.parse(dueAt);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const words = state === 'running' && now >= due ? 'due now' : stateWords(parsed(clock), zone);
  const tried =
    kind === 'firstTouch' || attempts === 0 ? '' : `, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const when =
    stoppedAt !== null
      ? `, ${momentWords(Date.parse(stoppedAt))}`
      : state === 'running'
        ? `, ${momentWords(due)}`
        : '';
  return (
    <li className={css.clock} data-state={state}>
      <Icon name={ICON[state]} size={15} />
      <span>
        <Text component="span" fw={600}>
          {NAME[kind]}
        </Text>{' '}
        {words}
        {when}
        {tried}
      </span>
    </li>
  );
}

function parsed(clock: Clock): Parameters<typeof stateWords>[0] {
  const at = (text: string | null) => (text === null ? null : Date.parse(text));
  return {
    ...clock,
    startedAt: Date.parse(clock.startedAt),
    dueAt: Date.parse(clock.dueAt),
    stoppedAt: at(clock.stoppedAt),
    pausedUntil: at(clock.pausedUntil),
    reminders: clock.reminders.map(text => Date.parse(text)),
  };
}

function Rulers({ episode }: { readonly episode: Episode }) {
  const rulers = useCall('getRuler', { params: { id: episode.id } }, { againMs: () => 60_000 });
  return (
    <Await query={rulers} loading={<Loading rows={2} height={40} />}>
      {({ clocks }) => (
        <Stack gap="md">
          {clocks.map(clock => (
            <Ruler key={clock.kind} {...clock} />
          ))}
        </Stack>
      )}
    </Await>
  );
}
