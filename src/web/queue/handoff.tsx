import { Anchor, Box, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Episode, EpisodeHead } from '../../contract/api/episode.ts';
import { capital, nameWords, uncapital } from '../../core/condition/words.ts';
import { sourceName } from '../../core/text/name.ts';
import { signed } from '../../core/text/number.ts';
import { useNames } from '../agreement/version.ts';
import { useCall } from '../client/query.ts';
import { Clocks } from '../followup/clocks.tsx';
import { Card } from '../kit/card.tsx';
import { DueChip } from '../kit/due.tsx';
import { Icon, type IconName } from '../kit/icon.tsx';
import { EpisodeBadge, ScoreShift } from '../kit/mark.tsx';
import { Reach } from '../kit/person.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { LatestLetter } from '../letter/latest.tsx';
import { QualificationCard, StillMissing } from '../qualification/form.tsx';
import { RoutingFold } from '../routing/why.tsx';
import { routedWords } from '../routing/words.ts';
import { useGrade } from '../score/grade.ts';
import { Why } from '../score/why.tsx';
import { Snoozed } from './snooze.tsx';
import { ACTIVITY_WORDS, OUTCOME_WORDS } from './touch.tsx';
import { Flag, Waiting } from './waiting.tsx';

const ACTIVITY_ICON: Readonly<Record<Episode['activities'][number]['kind'], IconName>> = {
  call: 'phone',
  email: 'mail',
  meeting: 'meeting',
  message: 'message',
  note: 'note',
};

/** A selected lead of the queue in full: who it is, what may be done, why it was handed over, what was done. */
export function HandoffDetail({
  head,
  actions,
  isAsked,
  onAsk,
  onAccept,
}: {
  readonly head: EpisodeHead;
  readonly actions: ReactNode;
  /** Whether the cursor goes to the first answer that is missing, once the form is there. */
  readonly isAsked: boolean;
  readonly onAsk: (isAsked: boolean) => void;
  readonly onAccept: () => void;
}) {
  const episode = useCall('getEpisode', { params: { id: head.id } });
  const names = useNames();
  const grade = useGrade();
  const { contact } = head;
  const origin = [head.source, head.campaign, head.content]
    .flatMap(part => (part === null ? [] : sourceName(part)))
    .join(' · ');
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box>
          <Title order={2}>
            <Anchor component={Link} to={`/contacts/${contact.id}`} inherit underline="hover">
              {contact.name}
            </Anchor>
          </Title>
          <Text c="dimmed">{[contact.title, contact.company].filter(part => part !== null).join(', ')}</Text>
          <Reach email={contact.email} phone={head.phone} />
          {origin === '' ? null : (
            <Text size="xs" c="dimmed">
              From {origin}
            </Text>
          )}
        </Box>
        <ScoreShift then={head} now={head.now} words={grade(head.now ?? head)} size="lg" />
      </Group>
      {actions}
      <StillMissing episode={episode.data} onShow={() => onAsk(true)} />
      <HandoffFacts episode={head} />
      <Since episode={head} />
      <Snoozed episode={head} />
      <Flag episode={head} />
      <Waiting episode={head} />
      <Card title="Why this lead is here">
        <Why
          sentence={head.sentence}
          top={head.topLines}
          score={episode.data?.breakdown ?? null}
          names={names}
        />
        <Text size="xs" c="dimmed" mt="xs">
          As it stood at the handoff, <When at={head.handedOffAt} />.
        </Text>
      </Card>
      {episode.data === undefined ? null : (
        <QualificationCard
          episode={episode.data}
          isAsked={isAsked}
          onShown={() => onAsk(false)}
          onAccept={onAccept}
        />
      )}
      <LatestLetter contactId={contact.id} />
      <Card title="What was done">
        <Await query={episode} loading={<Loading rows={2} height={26} />}>
          {routed => (
            <>
              <Clocks episode={routed} />
              <Activities activities={routed.activities} />
              <RoutedBy episode={routed} />
            </>
          )}
        </Await>
      </Card>
    </Stack>
  );
}

/** Why the score is another one than at the handoff; nothing where it is the same. */
export function Since({ episode }: { readonly episode: EpisodeHead }) {
  const { now, total, grade } = episode;
  if (now === null || (now.total === total && now.grade === grade)) return null;
  const moved = now.total - total;
  return (
    <Text>
      <Text component="span" fw={650} c={moved < 0 ? 'var(--baton-bad)' : 'var(--baton-good)'}>
        {moved === 0 ? `Grade ${now.grade ?? 'none'}` : signed(moved)} since the handoff
      </Text>
      {now.because === null ? '.' : `: ${uncapital(now.because)}.`}
    </Text>
  );
}

/** The state, deadline, path and owner of an episode in one row. */
export function HandoffFacts({ episode }: { readonly episode: EpisodeHead }) {
  const { owner, team, reason, disqualifier } = episode;
  return (
    <Group gap="xs">
      <EpisodeBadge state={episode.state} />
      <DueChip episode={episode} />
      <Text c="dimmed" component="span">
        {episode.path.label} · handed over <When at={episode.handedOffAt} /> ·{' '}
        {owner?.name ??
          (team === null
            ? 'nobody owns it'
            : `waiting in team ${/^[a-z0-9_]+$/.test(team) ? nameWords(team) : team}`)}
        {reason === null ? '' : ` · ${reason.label}`}
        {disqualifier === null ? '' : ` · ${disqualifier.label}`}
        {episode.imported ? ' · imported' : ''}
      </Text>
    </Group>
  );
}

/** Who or what gave a lead to its owner and under which version of the agreement, with the whole reason to unfold. */
export function RoutedBy({ episode }: { readonly episode: Episode }) {
  const routed = routedWords(episode);
  return (
    <Box>
      <Text size="xs" c="dimmed">
        {routed === '' ? 'Agreement' : `${routed} · agreement`} version {episode.agreementVersion}
      </Text>
      <RoutingFold episodeId={episode.id} owned={episode.owner !== null} />
    </Box>
  );
}

/** Calls, mails and the like, newest first. */
export function Activities({ activities }: { readonly activities: Episode['activities'] }) {
  if (activities.length === 0)
    return <Text c="dimmed">Nothing yet. Log the first touch when you reach out.</Text>;
  return (
    <Stack gap="xs">
      {[...activities]
        .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
        .map(({ id, kind, at, actor, note, outcome, automated }) => (
          <Group key={id} gap="xs" wrap="nowrap" align="flex-start">
            <Text component="span" c="dimmed" mt={2}>
              <Icon name={ACTIVITY_ICON[kind]} size={16} />
            </Text>
            <Box>
              <Text>
                {capital(ACTIVITY_WORDS[kind])}
                {outcome === null ? '' : ` (${OUTCOME_WORDS[outcome]})`} by {actor}, <When at={at} />
                {automated ? ', by a program: no touch' : ''}
              </Text>
              {note === null ? null : (
                <Text c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>
                  {note}
                </Text>
              )}
            </Box>
          </Group>
        ))}
    </Stack>
  );
}
