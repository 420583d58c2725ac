import { Alert, Box, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Duplicate } from '../../contract/api/duplicate.ts';
import type { Exception } from '../../contract/api/exception.ts';
import { counted, whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { useExceptionWork } from '../exception/work.tsx';
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

/** Contacts that may be one person: to be reviewed, and what was decided. */
export function Duplicates(props: {
  readonly first: string | null;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}) {
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

function OpenPairs(props: {
  readonly first: string | null;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}) {
  const { first, onHelp, isHelpOpen } = props;
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
      notifications.show({ message: 'There is no decision of yours on this page to undo.' });
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
        <Unpaired exceptions={others} />
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
        {pages.hasNextPage ? null : <Unpaired exceptions={others} />}
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

/** Leads that are held for a pair that was decided meanwhile: routing takes them up by itself, or at once when asked. */
function Unpaired({ exceptions }: { readonly exceptions: readonly Exception[] }) {
  const work = useExceptionWork();
  if (exceptions.length === 0) return null;
  return (
    <Alert
      color="amber"
      variant="light"
      mb="sm"
      title={`${counted(exceptions.length, 'lead')} held without a pair`}
    >
      {exceptions.map(exception => (
        <Group key={exception.id} gap="xs" justify="space-between">
          <Link to={`/contacts/${exception.contact?.id ?? ''}`}>{exception.contact?.name ?? 'A lead'}</Link>
          <Button
            size="compact-sm"
            variant="default"
            loading={work.isBusy}
            onClick={() => void work.retry(exception)}
          >
            Try routing now
          </Button>
        </Group>
      ))}
      <Text size="xs">What they looked like was decided meanwhile.</Text>
    </Alert>
  );
}
