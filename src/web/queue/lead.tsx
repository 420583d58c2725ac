import { Box, Group, Text } from '@mantine/core';
import type { Ref } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { DueChip, TouchMark } from '../kit/due.tsx';
import css from '../kit/list.module.css';
import { ScoreMark } from '../kit/mark.tsx';
import { RowCover } from '../kit/rowcover.tsx';
import { PointChips } from '../score/why.tsx';
import { FlagBadge, WaitingMark } from './waiting.tsx';

/** One lead of the queue: who, why, how much, until when. */
export function LeadRow(props: {
  readonly episode: EpisodeHead;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}) {
  const { episode, isSelected, onSelect, onOpen } = props;
  const { contact } = episode;
  const role = [contact.title, contact.company].filter(part => part !== null).join(', ');
  return (
    <Box component="li" className={css.row} data-selected={isSelected} data-episode={episode.id}>
      <RowCover
        ref={props.ref}
        label={`${contact.name}, ${role}`}
        isSelected={isSelected}
        onSelect={onSelect}
        onOpen={onOpen}
      />
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <Box style={{ minWidth: 0 }}>
          <Text fw={650} size="md" lh={1.3}>
            {contact.name}
          </Text>
          <Text c="dimmed" lineClamp={1}>
            {role}
          </Text>
        </Box>
        <ScoreMark total={episode.total} grade={episode.grade} />
      </Group>
      <Group gap="xs" mt={6}>
        <DueChip episode={episode} />
        <FlagBadge episode={episode} />
        <Text size="xs" fw={600} c="dimmed">
          {episode.path.label}
        </Text>
      </Group>
      <Text mt={6} lineClamp={2} lh={1.4}>
        {episode.sentence}
      </Text>
      <Box mt={6}>
        <PointChips lines={episode.topLines} />
      </Box>
      <Group mt={8} gap="sm" c="dimmed">
        {episode.owner === null ? (
          <WaitingMark episode={episode} />
        ) : (
          <Text size="xs" c="dimmed">
            {episode.owner.name}
          </Text>
        )}
        <TouchMark episode={episode} />
      </Group>
    </Box>
  );
}
