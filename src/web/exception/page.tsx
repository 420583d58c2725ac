import { Badge, Group, ScrollArea, Switch, Tabs, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { uncapital } from '../../core/condition/words.ts';
import { EXCEPTION_KINDS } from '../../core/exception/exception.ts';
import { whole } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Duplicates } from '../duplicate/list.tsx';
import { PageHead } from '../kit/card.tsx';
import { Denied } from '../kit/denied.tsx';
import { DUPLICATE_KEYS, EXCEPTION_KEYS, KeyButton, KeyHelp } from '../kit/keys.tsx';
import { Loading } from '../kit/state.tsx';
import { ClosedList } from './closed.tsx';
import { ExceptionList } from './list.tsx';
import { RejectedPart } from './rejected.tsx';
import { Unpaired } from './unpaired.tsx';

const TABS = ['unassigned', 'missing_data', 'duplicate', 'rejected', 'delivery', 'breach', 'closed'] as const;
type Tab = (typeof TABS)[number];

const TAB_WORDS: Readonly<Record<Tab, string>> = {
  unassigned: 'Unassigned',
  missing_data: 'Missing data',
  duplicate: 'Possible duplicates',
  rejected: 'Rejected calls',
  delivery: 'Failed deliveries',
  breach: 'Lost leads',
  closed: 'Closed',
};

/** What could not go the usual way and waits for a person, each with a reason, somebody to deal with it, and a clock. */
export function ExceptionsPage() {
  useDocumentTitle('Exceptions · Baton');
  const [params, setParams] = useSearchParams();
  const may = useMay();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const head = useCall('listExceptions', { query: { limit: 1 } });
  const counts = useCounts(head.data?.counts);
  const tabs = TABS.filter(tab => tab !== 'rejected' || may('listRejected'));
  const isMine = params.get('owner') === 'me';
  const asked = TABS.find(tab => tab === params.get('show'));
  // Once there is something to show, the tab stays, also when its last entry goes.
  const [begun, setBegun] = useState<Tab | null>(null);
  if (begun === null && counts !== null) setBegun(tabs.find(id => (counts[id] ?? 0) > 0) ?? 'unassigned');
  const tab = asked ?? begun;
  const set = (name: string, value: string | null) =>
    setParams(
      old => {
        const next = new URLSearchParams(old);
        if (value === null) next.delete(name);
        else next.set(name, value);
        next.delete('item');
        return next;
      },
      { replace: true },
    );
  const shared = {
    first: params.get('item'),
    onHelp: () => setHelpOpen(open => !open),
    isHelpOpen,
  };
  const overdue = head.data?.counts.overdue ?? 0;
  return (
    <>
      <PageHead
        title="Exceptions"
        side={
          <Group gap="sm">
            {overdue > 0 ? (
              <Badge color="brick" variant="filled" size="lg">
                {whole(overdue)} overdue
              </Badge>
            ) : null}
            {tab === 'duplicate' || tab === 'rejected' ? null : (
              <Switch
                label={`Only mine${head.data === undefined ? '' : ` (${whole(head.data.counts.mine)})`}`}
                checked={isMine}
                onChange={event => set('owner', event.currentTarget.checked ? 'me' : null)}
              />
            )}
            <KeyButton onOpen={() => setHelpOpen(true)} />
          </Group>
        }
      />
      {tab === null ? (
        <Loading rows={5} height={120} />
      ) : (
        <>
          <TabRow tabs={tabs} tab={tab} counts={counts} onChange={next => set('show', next)} />
          <Panel key={`${tab} ${isMine}`} tab={tab} isMine={isMine} {...shared} />
        </>
      )}
      <KeyHelp
        keys={tab === 'duplicate' ? DUPLICATE_KEYS : EXCEPTION_KEYS}
        opened={isHelpOpen}
        onClose={() => setHelpOpen(false)}
      />
    </>
  );
}

function Panel(props: {
  readonly tab: Tab;
  readonly isMine: boolean;
  readonly first: string | null;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}) {
  const { tab, isMine, ...shared } = props;
  const may = useMay();
  if (tab === 'closed') return <ClosedList isMine={isMine} />;
  if (tab === 'rejected')
    return may('listRejected') ? (
      <RejectedPart />
    ) : (
      <Denied what={uncapital(TAB_WORDS.rejected)} needs="listRejected" />
    );
  if (tab === 'duplicate')
    return <Duplicates {...shared} unpaired={exceptions => <Unpaired exceptions={exceptions} />} />;
  return <ExceptionList kind={tab} isMine={isMine} {...shared} />;
}

type Counts = Partial<Readonly<Record<Tab, number>>>;

/** How many of each tab wait; rejected calls as far as one answer tells. Null until it is known. */
function useCounts(of: CallOutput<'listExceptions'>['counts'] | undefined): Counts | null {
  const may = useMay();
  const pairs = useCall('listDuplicates', { query: { limit: 1 } });
  const rejected = useCall('listRejected', {}, { enabled: may('listRejected') });
  if (of === undefined || (pairs.data === undefined && pairs.error === null)) return null;
  return {
    ...Object.fromEntries(EXCEPTION_KINDS.map(kind => [kind, of[kind]])),
    duplicate: Math.max(of.duplicate, pairs.data?.counts.open ?? 0),
    rejected: (rejected.data?.items ?? []).filter(({ replayedAt }) => replayedAt === null).length,
  };
}

function TabRow(props: {
  readonly tabs: readonly Tab[];
  readonly tab: Tab;
  readonly counts: Counts | null;
  readonly onChange: (tab: string | null) => void;
}) {
  const { tabs, tab, counts, onChange } = props;
  const list = useRef<HTMLDivElement>(null);
  const isCounted = counts !== null;
  useEffect(() => {
    // On a phone the tabs run off the screen; the one that is open is shown, once all are as wide as they stay.
    if (!isCounted) return;
    list.current
      ?.querySelector(`[data-tab="${tab}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab, isCounted]);
  return (
    <Tabs value={tab} onChange={onChange} mb="md">
      <ScrollArea type="never">
        <Tabs.List ref={list} style={{ flexWrap: 'nowrap' }}>
          {tabs.map(id => (
            <Tabs.Tab key={id} value={id} data-tab={id} style={{ whiteSpace: 'nowrap' }}>
              {TAB_WORDS[id]}{' '}
              <Text component="span" c="dimmed">
                {counts?.[id] === undefined ? '' : whole(counts[id])}
              </Text>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </ScrollArea>
    </Tabs>
  );
}
