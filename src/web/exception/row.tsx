import { Box, Group, Text } from '@mantine/core';
import type { Ref } from 'react';
import type { Exception } from '../../contract/api/exception.ts';
import { ClockChip } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import css from '../kit/list.module.css';
import { ScoreMark } from '../kit/mark.tsx';
import { RowCover } from '../kit/rowcover.tsx';
import { When } from '../kit/when.tsx';
import { exceptionWords } from '../routing/words.ts';
import { roleWords } from '../words/field.ts';
import { EXCEPTION_WORDS } from './words.ts';

/** One exception: its contact, why it waits, until when, and who deals with it. */
export function ExceptionRow(props: {
  readonly exception: Exception;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}) {
  const { exception, isSelected, onSelect, onOpen } = props;
  const { contact, episode, owner } = exception;
  const name = contact?.name ?? EXCEPTION_WORDS[exception.kind];
  const role = contact === null ? '' : roleWords(contact);
  return (
    <Box component="li" className={css.row} data-selected={isSelected} data-exception={exception.id}>
      <RowCover
        ref={props.ref}
        label={role === '' ? name : `${name}, ${role}`}
        isSelected={isSelected}
        onSelect={onSelect}
        onOpen={onOpen}
      />
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <Box style={{ minWidth: 0 }}>
          <Text fw={650} size="md" lh={1.3}>
            {name}
          </Text>
          <Text c="dimmed" lineClamp={1}>
            {role}
          </Text>
        </Box>
        {episode === null ? null : <ScoreMark total={episode.total} grade={episode.grade} />}
      </Group>
      <Group gap="xs" mt={6}>
        <ClockChip at={exception.dueAt} from={exception.openedAt} />
        {episode === null ? null : (
          <Text size="xs" fw={600} c="dimmed">
            {episode.path.label}
          </Text>
        )}
      </Group>
      <Text mt={6} lineClamp={3} lh={1.4}>
        {exceptionWords(exception)}
      </Text>
      <Group mt={8} gap="sm">
        <Text size="xs" c="dimmed">
          {owner === null ? 'Nobody deals with it yet' : `${owner.name} deals with it`}
        </Text>
        <RetryMark exception={exception} />
      </Group>
    </Box>
  );
}

/** When routing is tried again by itself, if it is. */
function RetryMark({ exception }: { readonly exception: Exception }) {
  if (exception.retryAt === null) return null;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" c="dimmed">
      <Icon name="undo" size={13} />
      <Text component="span" size="xs" c="dimmed">
        {exception.kind === 'breach' ? 'Baton' : 'Routing'} tries again <When at={exception.retryAt} />
      </Text>
    </Group>
  );
}
