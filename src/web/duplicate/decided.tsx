import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Duplicate, DuplicateSide } from '../../contract/api/duplicate.ts';
import { capital } from '../../core/condition/words.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import css from '../kit/table.module.css';
import { When } from '../kit/when.tsx';
import { likenessWords } from './words.ts';
import { useDuplicateWork } from './work.tsx';

/** Pairs that were decided, newest first; every decision can be taken back, or says why it cannot. */
export function DecidedPairs({ state }: { readonly state: 'merged' | 'apart' }) {
  const pages = usePages({
    key: ['listDuplicates', { state }],
    load: (cursor, signal) => call('listDuplicates', { query: { state, cursor } }, signal),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={5} />;
  if (pages.items.length === 0)
    return (
      <Empty
        icon="merge"
        title={state === 'merged' ? 'Nothing was merged yet' : 'No pair was kept apart yet'}
      >
        What you decide on a pair is kept here and can be taken back.
      </Empty>
    );
  return (
    <Card title={state === 'merged' ? 'Merged into one' : 'Kept apart'}>
      <ul className={css.list} aria-label={state === 'merged' ? 'Merged pairs' : 'Pairs kept apart'}>
        {pages.items.map(pair => (
          <DecidedRow key={pair.id} pair={pair} />
        ))}
      </ul>
      <More pages={pages} label="Show more" size="xs" mt="sm" />
    </Card>
  );
}

function DecidedRow({ pair }: { readonly pair: Duplicate }) {
  const { a, b, merge, decidedAt, decidedBy, note } = pair;
  const [stays, gone] = merge?.intoId === b.id ? [b, a] : [a, b];
  return (
    <li className={css.row}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Stack gap={2} style={{ minWidth: 0, flex: '1 1 240px' }}>
          <Text>
            <SideLink side={stays} /> {merge === null ? 'and' : 'took in'}{' '}
            {merge === null ? <SideLink side={gone} /> : <SideWords side={gone} />}
          </Text>
          <Text c="dimmed">
            {capital(pair.reasons[0]?.text ?? '')} ({likenessWords(pair.score)})
          </Text>
          <Text size="xs" c="dimmed">
            {decidedBy === null ? 'Decided' : `By ${decidedBy}`}
            {decidedAt === null ? null : (
              <>
                {' '}
                <When at={decidedAt} />
              </>
            )}
            {note === null || note === '' ? '' : `. “${note}”`}
          </Text>
        </Stack>
        <TakeBack pair={pair} />
      </Group>
    </li>
  );
}

/** Takes the decision on a pair back, or says why that cannot be done. */
export function TakeBack({ pair }: { readonly pair: Duplicate }) {
  const work = useDuplicateWork();
  const may = useMay();
  const { merge } = pair;
  if (!may('undoMerge')) return null;
  if (merge !== null && merge.undoRefused !== null)
    return (
      <Text size="xs" c="dimmed" maw={260}>
        Cannot be undone: {merge.undoRefused}
      </Text>
    );
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={work.isBusy}
      onClick={() => void (merge === null ? work.reopen(pair) : work.undoMerge(pair, merge.id))}
    >
      {merge === null ? 'Review again' : 'Undo the merge'}
    </Button>
  );
}

function SideLink({ side }: { readonly side: DuplicateSide }) {
  return (
    <Anchor component={Link} to={`/contacts/${side.id}`} fw={600}>
      {side.name}
    </Anchor>
  );
}

function SideWords({ side }: { readonly side: DuplicateSide }) {
  return (
    <>
      <b>{side.name}</b>
      {side.email === null ? '' : ` (${side.email})`}
    </>
  );
}
