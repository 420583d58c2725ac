import { Box, Checkbox, Text } from '@mantine/core';
import type { Ref } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { sourceName } from '../../core/text/name.ts';
import { useUser } from '../client/session.tsx';
import { DueText } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import { ScoreShift } from '../kit/mark.tsx';
import { RowCover } from '../kit/rowcover.tsx';
import { useGrade } from '../score/grade.ts';
import css from './queue.module.css';
import { SnoozeMark } from './snooze.tsx';
import { WaitingMark } from './waiting.tsx';

/** One lead of the queue in three short lines: who and how much, why and until when, and how to reach them. */
export function LeadRow(props: {
  readonly episode: EpisodeHead;
  readonly isSelected: boolean;
  /** Whether its owner is said where that is somebody else. */
  readonly withOwner: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  /** Whether it is one of those to be moved together; without it none can be chosen. */
  readonly isChosen?: boolean | undefined;
  readonly onChoose?: (toHere: boolean) => void;
  readonly ref?: Ref<HTMLButtonElement>;
}) {
  const { episode, isSelected, onSelect, onOpen } = props;
  const me = useUser();
  const grade = useGrade();
  const { contact, now, phone, owner } = episode;
  const role = [contact.title, contact.company].filter(part => part !== null).join(', ');
  const origin = [episode.source, episode.campaign].flatMap(part => (part === null ? [] : sourceName(part)));
  return (
    <Box
      component="li"
      className={css.row}
      data-selected={isSelected}
      data-episode={episode.id}
      data-choose={props.isChosen}
    >
      {props.isChosen === undefined ? null : (
        <Checkbox
          className={css.choose ?? ''}
          size="xs"
          aria-label={`Select ${contact.name}`}
          checked={props.isChosen}
          onChange={() => {}}
          onClick={event => props.onChoose?.(event.shiftKey)}
        />
      )}
      <RowCover
        ref={props.ref}
        label={`${contact.name}, ${role}`}
        isSelected={isSelected}
        onSelect={onSelect}
        onOpen={onOpen}
      />
      <div className={css.who}>
        <Text component="span" fw={650}>
          {contact.name}
        </Text>
        <Text component="span" size="xs" c="dimmed">
          {role}
        </Text>
      </div>
      <div className={css.score}>
        <ScoreShift then={episode} now={now} words={grade(now ?? episode)} />
      </div>
      <Text size="xs" className={css.why} title={episode.sentence}>
        {episode.flag === null ? null : (
          <Text component="span" c="var(--baton-soon)" title={episode.flag} mr={4}>
            <Icon name="flag" size={12} />
          </Text>
        )}
        {episode.sentence}
      </Text>
      <Text size="xs" component="div" className={css.due}>
        <DueText episode={episode} />
      </Text>
      <Text size="xs" component="div" c="dimmed" className={css.more}>
        {phone === null ? null : <span className={css.phone}>{phone}</span>}
        <SnoozeMark episode={episode} />
        {now?.because == null ? null : (
          <span className={css.since} data-more={now.total > episode.total}>
            {now.because}
          </span>
        )}
        {owner === null ? <WaitingMark episode={episode} /> : null}
        {props.withOwner && owner !== null && owner.id !== me.id ? (
          <span className={css.owner}>{owner.name}</span>
        ) : null}
        {origin.length === 0 ? null : <span>{origin.join(' · ')}</span>}
        {phone === null && origin.length === 0 && owner !== null ? <span>{episode.path.label}</span> : null}
      </Text>
    </Box>
  );
}
