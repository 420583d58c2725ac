import { Badge, Box, Group, Text } from '@mantine/core';
import type { Ref } from 'react';
import type { Duplicate, DuplicateSide } from '../../contract/api/duplicate.ts';
import type { Exception } from '../../contract/api/exception.ts';
import { capital } from '../../core/condition/words.ts';
import { ClockChip } from '../kit/due.tsx';
import css from '../kit/list.module.css';
import { RowCover } from '../kit/rowcover.tsx';
import { When } from '../kit/when.tsx';
import { likenessWords } from './words.ts';

/** Two contacts that may be one person, in short. */
export function PairRow(props: {
  readonly pair: Duplicate;
  readonly held: Exception | null;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}) {
  const { pair, held, isSelected, onSelect } = props;
  return (
    <Box component="li" className={css.row} data-selected={isSelected} data-likeness={pair.id}>
      <RowCover
        ref={props.ref}
        label={`${pair.a.name} and ${pair.b.name}`}
        isSelected={isSelected}
        onSelect={onSelect}
      />
      <SideLine side={pair.a} />
      <SideLine side={pair.b} />
      <Text mt={6} lineClamp={2} lh={1.4}>
        {capital(pair.reasons[0]?.text ?? '')}
      </Text>
      <Group gap="xs" mt={6}>
        <Badge color="pine" variant="light" title="How likely it is that both are one person">
          {capital(likenessWords(pair.score))}
        </Badge>
        {held === null ? (
          <Text size="xs" c="dimmed">
            Found <When at={pair.foundAt} />
          </Text>
        ) : (
          <>
            <ClockChip what="Decision" at={held.dueAt} from={held.openedAt} />
            <Text size="xs" c="dimmed">
              {held.owner === null ? 'Nobody deals with it yet' : `${held.owner.name} deals with it`}
            </Text>
          </>
        )}
      </Group>
    </Box>
  );
}

function SideLine({ side }: { readonly side: DuplicateSide }) {
  return (
    <Text lh={1.4} style={{ overflowWrap: 'anywhere' }}>
      <b>{side.name}</b>{' '}
      <Text component="span" c="dimmed">
        {side.email ?? side.company ?? ''}
      </Text>
    </Text>
  );
}
