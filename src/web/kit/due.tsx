import { Badge } from '@mantine/core';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { capital } from '../../core/condition/words.ts';
import { dayTimeWords, dueWords, momentWords, type Urgency } from '../words/time.ts';
import { useNow } from './clock.ts';
import css from './due.module.css';
import { Icon } from './icon.tsx';

const COLOR: Readonly<Record<Urgency, string>> = { late: 'brick', soon: 'amber', calm: 'gray' };
const DUE_WORDS = { firstTouch: 'First touch', decision: 'Decision' } as const;

/** The deadline of an open episode: what is due and how much time is left, red when late, amber when soon. */
export function DueChip({ episode }: { readonly episode: EpisodeHead }) {
  const { due, handedOffAt, firstTouchAt } = episode;
  if (due === null) return null;
  const from = due.kind === 'decision' ? (firstTouchAt ?? handedOffAt) : handedOffAt;
  return <ClockChip what={DUE_WORDS[due.kind]} at={due.at} from={from} />;
}

/** The same as plain text, for dense rows; while its clock is paused, until when. */
export function DueText({ episode }: { readonly episode: EpisodeHead }) {
  const now = useNow();
  const { due, handedOffAt, firstTouchAt, pause } = episode;
  if (due === null) return null;
  if (pause !== null && due.kind === 'decision' && Date.parse(pause.until) > now)
    return (
      <span className={css.due} title={pause.reason}>
        <Icon name="pause" size={12} />
        <span>Paused until {dayTimeWords(Date.parse(pause.until))}</span>
      </span>
    );
  const from = Date.parse(due.kind === 'decision' ? (firstTouchAt ?? handedOffAt) : handedOffAt);
  const at = Date.parse(due.at);
  const { words, urgency } = dueWords({ at, from }, now);
  return (
    <span className={css.due} data-urgency={urgency} title={`${DUE_WORDS[due.kind]} due ${momentWords(at)}`}>
      {urgency === 'calm' ? null : <Icon name={urgency === 'late' ? 'warning' : 'clock'} size={12} />}
      <span>
        {DUE_WORDS[due.kind]} {words}
      </span>
    </span>
  );
}

/** What is due at an instant and how much of the time since `from` is left, red when late, amber when soon. */
export function ClockChip(props: { readonly what?: string; readonly at: string; readonly from: string }) {
  const now = useNow();
  const at = Date.parse(props.at);
  const about = props.what === undefined ? '' : `${props.what} `;
  const { words, urgency } = dueWords({ at, from: Date.parse(props.from) }, now);
  return (
    <Badge
      color={COLOR[urgency]}
      variant={urgency === 'late' ? 'filled' : 'light'}
      size="md"
      title={capital(`${about}due ${momentWords(at)}`)}
      leftSection={<Icon name="clock" size={12} />}
      data-urgency={urgency}
    >
      {capital(`${about}${words}`)}
    </Badge>
  );
}
