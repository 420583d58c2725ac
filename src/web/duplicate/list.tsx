import { Box, Group, SegmentedControl, Stack } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import type { Duplicate } from '../../contract/api/duplicate.ts';
import type { Exception } from '../../contract/api/exception.ts';
import { whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Detail } from '../kit/detail.tsx';
import css from '../kit/list.module.css';
import { More } from '../kit/more.tsx';
import { NoExceptions } from '../kit/nothing.tsx';
import { useSelection, WIDE } from '../kit/selection.ts';
import { Failed, Loading } from '../kit/state.tsx';
import { DecidedPairs } from './decided.tsx';
import { type Keep, MergeDialog, PairDetail } from './detail.tsx';
import { PairRow } from './row.tsx';
import { useDuplicateWork } from './work.tsx';

const VIEWS = ['open', 'merged', 'apart'] as const;
type View = (typeof VIEWS)[number];
const VIEW_WORDS: Readonly<Record<View, string>> = {
  open: 'To review',
  merged: 'Merged',
  apart: 'Kept apart',
};

interface ListProps {
  readonly first: string | null;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
  /** Shows the leads that are held without a pair of those to review. */
  readonly unpaired: (exceptions: readonly Exception[]) => ReactNode;
}

/** Contacts that may be one person: to be reviewed, and what was decided. */
export function Duplicates(props: ListProps) {
  const [view, setView] = useState<View>('open');
  const head = useCall('listDuplicates', { query: { limit: 1 } });
  const counts = head.data?.counts;
  return (
    <Stack gap="sm">
      <Group>
        <SegmentedControl
          size="xs"
          aria-label="Which pairs"
          value={view}
          data={VIEWS.map(value => ({
            value,
            label: `${VIEW_WORDS[value]}${counts === undefined ? '' : ` ${whole(counts[value])}`}`,
          }))}
          onChange={chosen => setView(VIEWS.find(known => known === chosen) ?? 'open')}
        />
      </Group>
      {view === 'open' ? <OpenPairs {...props} /> : <DecidedPairs key={view} state={view} />}
    </Stack>
  );
}

/** How many held leads are asked for to show their clocks. */
const HELD_LIMIT = 200;

function OpenPairs({ first, onHelp, isHelpOpen, unpaired }: ListProps) {
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const may = useMay();
  const work = useDuplicateWork();
  const [merging, setMerging] = useState<{ readonly pair: Duplicate; readonly keep: Keep } | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const held = useCall('listExceptions', { query: { kind: 'duplicate', limit: HELD_LIMIT } });
  const heldBy = new Map(
    (held.data?.items ?? []).map(exception => [exception.likeness?.id ?? '', exception]),
  );
  const pages = usePages({
    key: ['listDuplicates', { state: 'open' }],
    load: (cursor, signal) => call('listDuplicates', { query: { state: 'open', cursor } }, signal),
  });
  const pairs = heldFirst(pages.items, heldBy);
  const others = (held.data?.items ?? []).filter(
    ({ likeness }) => !pages.items.some(({ id }) => id === likeness?.id),
  );
  const { selected, index, select, move, rowRef } = useSelection(pairs, first);

  const merge = (keep: Keep) => {
    if (selected !== undefined && may('mergeDuplicate')) setMerging({ pair: selected, keep });
  };
  const keepApart = () => {
    if (selected !== undefined && !work.isBusy && may('keepDuplicateApart')) void work.keepApart(selected);
  };
  const undo = () => {
    if (!work.undoLast())
      notifications.show({ message: 'You have made no decision on this page that can be undone.' });
  };
  const show = (position: number) => {
    select(position);
    if (!isWide) setDrawn(pairs[position]?.id ?? null);
  };
  useHotkeys(
    merging === null && !isHelpOpen && drawn === null
      ? [
          ['j', () => move(1)],
          ['ArrowDown', () => move(1)],
          ['k', () => move(-1)],
          ['ArrowUp', () => move(-1)],
          ['l', () => merge('left')],
          ['r', () => merge('right')],
          ['x', keepApart],
          ['u', undo],
          ['?', onHelp],
          ['shift+?', onHelp],
        ]
      : [],
  );

  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined || held.data === undefined) return <Loading rows={5} height={110} />;
  const dialog =
    merging === null ? null : <MergeDialog {...merging} work={work} onClose={() => setMerging(null)} />;
  if (selected === undefined)
    return (
      <>
        {unpaired(others)}
        {others.length > 0 ? null : <NoExceptions kind="duplicate" isMine={false} />}
        {dialog}
      </>
    );
  const detail = (
    <PairDetail
      key={selected.id}
      pair={selected}
      held={heldBy.get(selected.id) ?? null}
      work={work}
      onMerge={merge}
    />
  );
  return (
    <div className={css.split}>
      <Box>
        {pages.hasNextPage ? null : unpaired(others)}
        <ul className={css.list} aria-label="Possible duplicates, held leads first">
          {pairs.map((pair, position) => (
            <PairRow
              key={pair.id}
              pair={pair}
              held={heldBy.get(pair.id) ?? null}
              isSelected={isWide && position === index}
              onSelect={() => show(position)}
              ref={rowRef(pair.id)}
            />
          ))}
        </ul>
        <More pages={pages} label="Show more" fullWidth mt="sm" />
      </Box>
      <Detail
        isWide={isWide}
        label="Selected pair"
        title="Possible duplicate"
        isDrawn={drawn === selected.id}
        onClose={() => setDrawn(null)}
      >
        {detail}
      </Detail>
      {dialog}
    </div>
  );
}

/** Pairs that hold a lead come first, the soonest due on top; the rest stay as they came. */
function heldFirst(
  pairs: readonly Duplicate[],
  heldBy: ReadonlyMap<string, Exception>,
): readonly Duplicate[] {
  const dueOf = ({ id }: Duplicate) => heldBy.get(id)?.dueAt ?? null;
  const held = pairs.filter(pair => dueOf(pair) !== null);
  return [
    ...held.toSorted((a, b) => Date.parse(dueOf(a) ?? '') - Date.parse(dueOf(b) ?? '')),
    ...pairs.filter(pair => dueOf(pair) === null),
  ];
}
