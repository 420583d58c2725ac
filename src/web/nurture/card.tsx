import { Alert, Badge, Box, Group, Stack, Text } from '@mantine/core';
import type { Episode } from '../../contract/api/episode.ts';
import type { NurtureState } from '../../contract/api/nurture.ts';
import { Card } from '../kit/card.tsx';
import { useNow } from '../kit/clock.ts';
import { Icon } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';
import css from './nurture.module.css';
import { StopTrack } from './stop.tsx';
import { WakeupChoices } from './wakeup.tsx';
import { nurtureDay, stepStateWords, trackStepWords } from './words.ts';

/** Where a recycled lead stands: how long it waits, when it is looked at again, and what it gets meanwhile. */
export function NurtureCard({ episodes }: { readonly episodes: readonly Episode[] }) {
  const [last] = [...episodes].sort((a, b) => Date.parse(b.handedOffAt) - Date.parse(a.handedOffAt));
  if (last === undefined || (last.state !== 'recycled' && last.nurture === null)) return null;
  const { nurture, contact, workRefused } = last;
  return (
    <Card
      title="Nurture"
      side={
        nurture === null || nurture.left !== null ? null : (
          <StopTrack
            episodeId={last.id}
            name={contact.name}
            track={nurture.track.label}
            workRefused={workRefused}
          />
        )
      }
    >
      <Stack gap="md">
        {last.state === 'recycled' ? <Wait episode={last} /> : null}
        {nurture === null ? (
          <Text c="dimmed">It is in no track: the reason for the no names none.</Text>
        ) : (
          <Track nurture={nurture} />
        )}
      </Stack>
    </Card>
  );
}

function Wait({ episode }: { readonly episode: Episode }) {
  const now = useNow();
  const { requalifyAt, wakeup, reason, contact, workRefused, decidedAt } = episode;
  const isDue = wakeup?.isDue === true;
  const lead = { episodeId: episode.id, contact, workRefused, hasDate: wakeup !== null };
  const isOver = requalifyAt === null || Date.parse(requalifyAt) <= now;
  return (
    <Stack gap="xs">
      <Text>
        {reason === null ? 'Recycled' : `${reason.label}: recycled`}
        {decidedAt === null ? null : (
          <>
            {' '}
            <When at={decidedAt} />
          </>
        )}
        {'. '}
        {isOver
          ? 'The wait is over: something new opens the next handoff.'
          : `It waits until ${nurtureDay(requalifyAt)}; after that, something new opens the next handoff.`}
      </Text>
      {wakeup === null ? null : isDue ? (
        <Alert
          color="amber"
          variant="light"
          icon={<Icon name="snooze" />}
          title="Look at this lead again"
          py="xs"
        >
          The date came <When at={wakeup.at} />. Nobody has dealt with it since.
        </Alert>
      ) : (
        <Text>Its owner looks at it again on {nurtureDay(wakeup.at)}.</Text>
      )}
      <WakeupChoices lead={lead} isDue={isDue} />
    </Stack>
  );
}

function Track({ nurture }: { readonly nurture: NurtureState }) {
  const { track, enteredAt, left } = nurture;
  return (
    <Box>
      <Group gap="xs" mb={4}>
        <Text fw={600}>Track: {track.label}</Text>
        <Badge variant="light" color={left === null ? 'pine' : 'gray'}>
          {left === null ? 'running' : 'left'}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        Entered <When at={enteredAt} />
      </Text>
      <TrackSteps nurture={nurture} />
      {left === null ? null : (
        <Text mt={4} style={{ overflowWrap: 'anywhere' }}>
          Left the track <When at={left.at} />: {left.words}
          {left.by === null ? '' : `, by ${left.by}`}.
        </Text>
      )}
    </Box>
  );
}

const SIGNS = { done: 'check', refused: 'cross', next: 'clock', later: 'more', never: 'pause' } as const;

/** The steps of a track, each with what became of it or when it comes. */
function TrackSteps({ nurture: { steps } }: { readonly nurture: NurtureState }) {
  if (steps.length === 0)
    return <Text c="dimmed">The agreement in which this track stood is gone, and its steps with it.</Text>;
  const keyed = steps.map((step, index) => ({ step, key: `step ${index}` }));
  return (
    <ol className={css.steps} aria-label="Steps">
      {keyed.map(({ step, key }) => (
        <li key={key} className={css.step} data-state={step.state}>
          <span className={css.sign}>
            <Icon name={SIGNS[step.state]} size={12} />
          </span>
          <div>
            <Text component="span" className={css.what ?? ''}>
              {trackStepWords(step)}
            </Text>{' '}
            <Text component="span" c="dimmed">
              {stepStateWords(step)}
              {step.at === null || step.state === 'next' ? null : (
                <>
                  {' '}
                  <When at={step.at} />
                </>
              )}
              {step.refused === null ? '' : `: ${step.refused}`}
            </Text>
          </div>
        </li>
      ))}
    </ol>
  );
}
