import { Badge, Group, Text } from '@mantine/core';
import type { EpisodeHead } from '../../contract/shapes.ts';
import { useNow } from '../clock.ts';
import { Icon } from '../icon.tsx';
import { dueWords, momentWords, type Urgency } from '../time.ts';

const COLOR: Readonly<Record<Urgency, string>> = { late: 'brick', soon: 'amber', calm: 'gray' };
const DUE_WORDS = { firstTouch: 'First touch', decision: 'Decision' } as const;

/** The deadline of an open episode: what is due and how much time is left, red when late, amber when soon. */
export function DueChip({ episode }: { readonly episode: EpisodeHead }) {
  const now = useNow();
  const { due, handedOffAt, firstTouchAt } = episode;
  if (due === null) return null;
  const from = Date.parse(due.kind === 'decision' ? (firstTouchAt ?? handedOffAt) : handedOffAt);
  const at = Date.parse(due.at);
  const { words, urgency } = dueWords({ at, from }, now);
  return (
    <Badge
      color={COLOR[urgency]}
      variant={urgency === 'late' ? 'filled' : 'light'}
      size="md"
      title={`${DUE_WORDS[due.kind]} due ${momentWords(at)}`}
      leftSection={<Icon name="clock" size={12} />}
      data-urgency={urgency}
    >
      {DUE_WORDS[due.kind]} {words}
    </Badge>
  );
}

/** Whether somebody has been in touch since the handoff. */
export function TouchMark({ episode }: { readonly episode: EpisodeHead }) {
  const isTouched = episode.firstTouchAt !== null;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" c="dimmed">
      <Icon name={isTouched ? 'check' : 'phone'} size={13} />
      <Text component="span" size="xs" c="dimmed">
        {isTouched ? 'Touched' : 'Not touched yet'}
      </Text>
    </Group>
  );
}
