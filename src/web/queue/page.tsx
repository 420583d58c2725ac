import { Badge, Box, Button, Group, Tabs, Text } from '@mantine/core';
import { useDocumentTitle, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { counted, whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { FirstStepsButton, MissingTeams } from '../kit/firststeps.tsx';
import { KeyButton, KeyHelp, QUEUE_KEYS } from '../kit/keys.tsx';
import css from '../kit/list.module.css';
import { More } from '../kit/more.tsx';
import { useSelection, WIDE } from '../kit/selection.ts';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { type Dialog, EpisodeActions } from './actions.tsx';
import { useDecisions } from './decision.tsx';
import { EpisodeDialogs } from './dialogs.tsx';
import { HandoffDetail } from './handoff.tsx';
import { LeadRow } from './lead.tsx';
import { useTransfers } from './transfer.tsx';

type View = 'mine' | 'unassigned' | 'all';
const OWNER: Readonly<Record<View, string | undefined>> = { mine: 'me', unassigned: 'none', all: undefined };
const VIEWS: readonly { readonly view: View; readonly label: string }[] = [
  { view: 'mine', label: 'Mine' },
  { view: 'unassigned', label: 'Unassigned' },
  { view: 'all', label: 'All' },
];

/** The leads that wait for a decision, those due first; worked by keyboard or by hand. */
export function QueuePage() {
  useDocumentTitle('Queue · Baton');
  const [params, setParams] = useSearchParams();
  const mine = useCall('listQueue', { query: { owner: 'me', limit: 1 } });
  const counts = mine.data?.counts;
  const asked = VIEWS.find(({ view }) => view === params.get('show'))?.view;
  const view = asked ?? (counts !== undefined && counts.mine === 0 ? 'all' : 'mine');
  const show = (next: string | null) => setParams({ show: next ?? 'mine' }, { replace: true });
  const [isHelpOpen, setHelpOpen] = useState(false);

  return (
    <>
      <PageHead
        title="Queue"
        side={
          <Group gap="xs">
            {counts !== undefined && counts.overdue > 0 ? (
              <Badge color="brick" variant="filled" size="lg">
                {whole(counts.overdue)} overdue
              </Badge>
            ) : null}
            <KeyButton onOpen={() => setHelpOpen(true)} />
          </Group>
        }
      />
      <Tabs value={view} onChange={show} mb="md">
        <Tabs.List>
          {VIEWS.map(entry => (
            <Tabs.Tab key={entry.view} value={entry.view}>
              {entry.label}{' '}
              <Text component="span" c="dimmed">
                {counts === undefined ? '' : whole(counts[entry.view])}
              </Text>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {mine.data === undefined && mine.error === null ? (
        <Loading rows={5} height={140} />
      ) : (
        <Leads
          key={view}
          view={view}
          onShow={show}
          onHelp={() => setHelpOpen(open => !open)}
          isHelpOpen={isHelpOpen}
        />
      )}
      <KeyHelp keys={QUEUE_KEYS} opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  );
}

function Leads(props: {
  readonly view: View;
  readonly onShow: (view: View) => void;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}) {
  const { view, onShow, onHelp, isHelpOpen } = props;
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  const me = useUser();
  const decisions = useDecisions();
  const transfers = useTransfers();
  const [dialog, setDialog] = useState<{
    readonly which: Exclude<Dialog, null>;
    readonly episode: EpisodeHead;
  } | null>(null);
  const owner = OWNER[view];
  const pages = usePages({
    key: ['listQueue', view],
    load: (cursor, signal) => call('listQueue', { query: { owner, cursor } }, signal),
  });
  const { selected, index, select, move, rowRef } = useSelection(pages.items);

  const open = (episode: EpisodeHead | undefined) => {
    if (episode !== undefined) void navigate(`/contacts/${episode.contact.id}`);
  };
  const next = () => select(index + 1 < pages.items.length ? index + 1 : index - 1);
  const accept = async () => {
    if (selected?.workRefused !== null || decisions.isBusy) return;
    if (await decisions.accept(selected)) next();
  };
  const act = (dialogOf: Exclude<Dialog, null>) => {
    if (selected?.workRefused === null) setDialog({ which: dialogOf, episode: selected });
  };
  const take = () => {
    const isMine = selected?.owner?.id === me.id;
    if (selected?.workRefused === null && !isMine && !transfers.isBusy) void transfers.take(selected);
  };
  const handBack = () => {
    if (selected?.owner?.id === me.id) act('handback');
  };
  const undo = () => {
    if (!decisions.undoLast())
      notifications.show({ message: 'You have made no decision on this page that can be undone.' });
  };
  const isFree = dialog === null && !isHelpOpen;
  useHotkeys(
    isFree
      ? [
          ['j', () => move(1)],
          ['ArrowDown', () => move(1)],
          ['k', () => move(-1)],
          ['ArrowUp', () => move(-1)],
          ['a', () => void accept()],
          ['r', () => act('reject')],
          ['t', () => act('touch')],
          ['m', take],
          ['b', handBack],
          ['u', undo],
          ['?', onHelp],
          ['shift+?', onHelp],
        ]
      : [],
  );

  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={5} height={140} />;
  if (pages.items.length === 0) return <NoLeads view={view} counts={pages.first.counts} onShow={onShow} />;
  return (
    <div className={css.split}>
      <Box>
        <ul className={css.list} aria-label="Leads, those due first">
          {pages.items.map((episode, position) => (
            <LeadRow
              key={episode.id}
              episode={episode}
              isSelected={isWide && episode.id === selected?.id}
              onSelect={() => (isWide ? select(position) : open(episode))}
              onOpen={() => open(episode)}
              ref={rowRef(episode.id)}
            />
          ))}
        </ul>
        <More pages={pages} fullWidth mt="sm" />
      </Box>
      {isWide && selected !== undefined ? (
        <section className={css.detail} aria-label="Selected lead" tabIndex={-1}>
          <HandoffDetail
            key={selected.id}
            head={selected}
            actions={
              <EpisodeActions
                episode={selected}
                decisions={decisions}
                onAccept={() => void accept()}
                onTake={take}
                onOpen={act}
                withKeys
              />
            }
          />
        </section>
      ) : null}
      {dialog === null ? null : (
        <EpisodeDialogs
          open={dialog.which}
          // Stays what it was, also when the list changes under it.
          episode={dialog.episode}
          decisions={decisions}
          onClose={() => setDialog(null)}
          onRejected={next}
        />
      )}
    </div>
  );
}

function NoLeads(props: {
  readonly view: View;
  readonly counts: { readonly unassigned: number; readonly all: number };
  readonly onShow: (view: View) => void;
}) {
  const { view, counts, onShow } = props;
  if (view === 'mine' && counts.unassigned > 0)
    return (
      <Empty
        icon="check"
        title="Nothing waits for you"
        action={<Button onClick={() => onShow('unassigned')}>Show unassigned leads</Button>}
      >
        {counted(counts.unassigned, 'lead')} without an owner could use your help.
      </Empty>
    );
  if (view === 'mine' && counts.all > 0)
    return (
      <Empty
        icon="check"
        title="Nothing waits for you"
        action={
          <Button variant="default" onClick={() => onShow('all')}>
            Show all leads
          </Button>
        }
      >
        Your colleagues have {counted(counts.all, 'open lead')}.
      </Empty>
    );
  if (view === 'unassigned' && counts.all > 0)
    return (
      <Empty icon="check" title="Every lead has an owner">
        {counted(counts.all, 'lead')} in all are open.
      </Empty>
    );
  return (
    <Empty icon="queue" title="No leads wait for a decision" action={<FirstStepsButton />}>
      A lead appears here the moment it qualifies by the agreement. To bring leads in, make a key in Settings
      and send events, or import contacts with the baton command.
      <MissingTeams />
    </Empty>
  );
}
