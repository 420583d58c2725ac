import { Alert, Anchor, Badge, Button, Group, Tabs, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { counted, whole } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { KeyButton, KeyHelp, QUEUE_KEYS } from '../kit/keys.tsx';
import { Loading } from '../kit/state.tsx';
import { WakeupLine } from '../nurture/wakeups.tsx';
import { FILTERS, QueueFilters } from './filters.tsx';
import { Leads } from './list.tsx';
import type { QueueView } from './nothing.tsx';
import { useReturn } from './return.ts';

const VIEWS: readonly { readonly view: QueueView; readonly label: string }[] = [
  { view: 'mine', label: 'Mine' },
  { view: 'snoozed', label: 'Snoozed' },
  { view: 'unassigned', label: 'Unassigned' },
  { view: 'all', label: 'All' },
  { view: 'others', label: 'For other teams' },
];

/** The leads that wait for a decision, those due first; worked by keyboard or by hand. The address keeps what was chosen. */
export function QueuePage() {
  useDocumentTitle('Queue · Baton');
  const [params, setParams] = useSearchParams();
  const mine = useCall('listQueue', { query: { owner: 'me', limit: 1 } });
  const counts = mine.data?.counts;
  useReturn(mine.data?.nextReturnAt ?? null);
  const asked = VIEWS.find(({ view }) => view === params.get('show'))?.view;
  const view = asked ?? (counts !== undefined && counts.mine === 0 ? 'all' : 'mine');
  const set = (name: string, value: string | null) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        // A link to a lead names the list that it stands in; another list begins with its own first.
        if (name !== 'lead') next.delete('lead');
        else if (!next.has('show')) next.set('show', view);
        return next;
      },
      { replace: true },
    );
  const clear = () => {
    const next = new URLSearchParams(params);
    for (const name of FILTERS) next.delete(name);
    setParams(next, { replace: true });
  };
  const [isHelpOpen, setHelpOpen] = useState(false);

  return (
    <>
      <PageHead
        title="Queue"
        side={
          <Group gap="xs">
            <Overdue counts={counts} />
            <KeyButton onOpen={() => setHelpOpen(true)} />
          </Group>
        }
      />
      <Tabs value={view} onChange={next => set('show', next)} mb="sm">
        <Tabs.List>
          {VIEWS.map(entry =>
            isRareView(entry.view) && view !== entry.view && (counts?.[entry.view] ?? 0) === 0 ? null : (
              <Tabs.Tab key={entry.view} value={entry.view}>
                {entry.label}{' '}
                <Text component="span" c="dimmed">
                  {counts === undefined ? '' : whole(counts[entry.view])}
                </Text>
                {entry.view === 'snoozed' && (counts?.snoozedOverdue ?? 0) > 0 ? (
                  <Text component="span" c="var(--baton-bad)" fw={600}>
                    {' '}
                    · {whole(counts?.snoozedOverdue ?? 0)} overdue
                  </Text>
                ) : null}
              </Tabs.Tab>
            ),
          )}
        </Tabs.List>
      </Tabs>
      {view === 'mine' ? <WakeupLine /> : null}
      {view === 'mine' && counts !== undefined && counts.fresh > 0 ? (
        <Alert color="pine" variant="light" icon={<Icon name="bell" />} mb="sm" py="xs">
          <Group gap="xs">
            {counted(counts.fresh, 'new lead')} for others in the last hour.
            <Button size="compact-xs" variant="default" onClick={() => set('show', 'all')}>
              Open All
            </Button>
          </Group>
        </Alert>
      ) : null}
      <QueueFilters
        params={params}
        onSet={set}
        onClear={clear}
        options={mine.data?.options}
        withOwner={view === 'all' || view === 'others'}
      />
      {mine.data === undefined && mine.error === null ? (
        <Loading rows={8} height={60} />
      ) : (
        <Leads
          key={`${view} ${FILTERS.map(name => params.get(name) ?? '').join(' ')}`}
          view={view}
          params={params}
          onSet={set}
          onClear={clear}
          onHelp={() => setHelpOpen(open => !open)}
          isHelpOpen={isHelpOpen}
        />
      )}
      <KeyHelp keys={QUEUE_KEYS} opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  );
}

/** Whether a part of the queue is offered only when there is something in it. */
function isRareView(view: QueueView): view is 'others' | 'snoozed' {
  return view === 'others' || view === 'snoozed';
}

/** How many leads are overdue: one's own for a rep, else all; a link to them. */
function Overdue({ counts }: { readonly counts: CallOutput<'listQueue'>['counts'] | undefined }) {
  const me = useUser();
  if (counts === undefined || counts.overdue === 0) return null;
  return (
    <Anchor component={Link} to={`/queue?show=${me.role === 'rep' ? 'mine' : 'all'}&overdue=yes`}>
      <Badge color="brick" variant="filled" size="lg" style={{ cursor: 'pointer' }}>
        {whole(counts.overdue)} overdue
      </Badge>
    </Anchor>
  );
}
