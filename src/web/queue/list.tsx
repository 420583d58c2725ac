import { Alert, Anchor, Box } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { type EpisodeHead, QUEUE_SORTS } from '../../contract/api/episode.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useMay, useUser } from '../client/session.tsx';
import shared from '../kit/list.module.css';
import { More } from '../kit/more.tsx';
import { useSelection, WIDE } from '../kit/selection.ts';
import { Failed, Loading } from '../kit/state.tsx';
import { type Dialog, EpisodeActions } from './actions.tsx';
import { useChosen } from './chosen.ts';
import { isForOthers, useDecisions } from './decision.tsx';
import { EpisodeDialogs } from './dialogs.tsx';
import { FILTERS } from './filters.tsx';
import { HandoffDetail } from './handoff.tsx';
import { LeadRow } from './lead.tsx';
import { MoveBar } from './move.tsx';
import { NoLeads, type QueueView } from './nothing.tsx';
import css from './queue.module.css';
import { useTransfers } from './transfer.tsx';

interface Props {
  readonly view: QueueView;
  readonly params: URLSearchParams;
  readonly onSet: (name: string, value: string | null) => void;
  readonly onClear: () => void;
  readonly onHelp: () => void;
  readonly isHelpOpen: boolean;
}

/** The list of leads with the selected one in full beside it, and the keys that work on it. */
export function Leads({ view, params, onSet, onClear, onHelp, isHelpOpen }: Props) {
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  const me = useUser();
  const [linked] = useState(params.get('lead'));
  const [dialog, setDialog] = useState<{
    readonly which: Exclude<Dialog, null>;
    readonly episode: EpisodeHead;
  } | null>(null);
  const query = queryOf(view, params);
  const pages = usePages({
    key: ['listQueue', query],
    load: (cursor, signal) => call('listQueue', { query: { ...query, cursor } }, signal),
  });
  const { selected, index, select, choose, move, rowRef, isInView } = useSelection(pages.items, linked);
  const chosen = useChosen(pages.items);
  const canMove = useMay()('reassignEpisodes');
  const decisions = useDecisions(choose);
  /** The lead of which something is still to be found out, which was to be accepted. */
  const [asked, setAsked] = useState<string | null>(null);
  const transfers = useTransfers();
  const isMissing =
    linked !== null && pages.first !== undefined && !pages.items.some(({ id }) => id === linked);
  const address = params.get('lead');
  const id = selected?.id ?? null;
  useEffect(() => {
    if (id !== null && id !== address && !(isMissing && address === linked)) onSet('lead', id);
  });

  const open = (episode: EpisodeHead | undefined) => {
    if (episode !== undefined) void navigate(`/contacts/${episode.contact.id}`);
  };
  const next = () => select(index + 1 < pages.items.length ? index + 1 : index - 1);
  /** Whether a key may act on the selected lead; one that nobody sees is shown first. */
  const isReady = (): boolean => {
    if (selected === undefined) return false;
    if (isInView()) return true;
    select(index);
    return false;
  };
  const accept = async () => {
    if (selected?.workRefused !== null || decisions.isBusy) return;
    // Where no form stands beside the list, what is missing is answered on the lead's own page.
    const ask = () =>
      isWide
        ? setAsked(selected.id)
        : void navigate(`/contacts/${selected.contact.id}`, { state: { isAsked: true } });
    if (await decisions.accept(selected, '', ask)) next();
  };
  const act = (dialogOf: Exclude<Dialog, null>) => {
    if (selected?.workRefused !== null) return;
    if (dialogOf === 'reject' && isForOthers(selected)) return;
    if (dialogOf === 'snooze' && (selected.owner === null || selected.state !== 'open')) return;
    setDialog({ which: dialogOf, episode: selected });
  };
  const take = () => {
    const isMine = selected?.owner?.id === me.id;
    if (selected?.workRefused === null && !isMine && !transfers.isBusy) void transfers.take(selected);
  };
  const handBack = () => {
    if (selected?.owner?.id === me.id) act('handback');
  };
  const mark = (toHere: boolean) => {
    if (selected !== undefined && canMove) chosen.toggle(selected.id, toHere);
  };
  const undo = () => {
    if (!decisions.undoLast())
      notifications.show({ message: 'You have made no decision on this page that can be undone.' });
  };
  const onSeen = (work: () => void) => () => {
    if (isReady()) work();
  };
  const isFree = dialog === null && !isHelpOpen;
  useHotkeys(
    isFree
      ? [
          ['j', () => move(1)],
          ['ArrowDown', () => move(1)],
          ['k', () => move(-1)],
          ['ArrowUp', () => move(-1)],
          ['a', onSeen(() => void accept())],
          ['r', onSeen(() => act('reject'))],
          ['t', onSeen(() => act('touch'))],
          ['s', onSeen(() => act('snooze'))],
          ['x', onSeen(() => mark(false))],
          ['shift+x', onSeen(() => mark(true))],
          ['Escape', chosen.clear],
          ['m', onSeen(take)],
          ['b', onSeen(handBack)],
          ['u', undo],
          ['?', onHelp],
          ['shift+?', onHelp],
          // A link or a button that has the focus has its own answer to Enter.
          ['Enter', event => isOnPage(event) && open(selected), { preventDefault: false }],
        ]
      : [],
  );

  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={8} height={60} />;
  const isNarrowed = FILTERS.some(name => name !== 'sort' && params.has(name));
  if (pages.items.length === 0)
    return (
      <NoLeads
        view={view}
        counts={pages.first.counts}
        isNarrowed={isNarrowed}
        onShow={chosen => onSet('show', chosen)}
        onClear={onClear}
      />
    );
  return (
    <>
      {isMissing && address === linked ? <Elsewhere id={linked} /> : null}
      <div className={`${shared.split} ${css.wide}`}>
        <Box>
          <ul className={css.list} aria-label={LIST_WORDS[query.sort]}>
            {pages.items.map((episode, position) => (
              <LeadRow
                key={episode.id}
                episode={episode}
                isSelected={episode.id === selected?.id}
                withOwner={view === 'all' || view === 'others'}
                onSelect={() => (isWide ? select(position) : open(episode))}
                onOpen={() => open(episode)}
                isChosen={canMove ? chosen.has(episode.id) : undefined}
                onChoose={toHere => chosen.toggle(episode.id, toHere)}
                ref={rowRef(episode.id)}
              />
            ))}
          </ul>
          <More pages={pages} fullWidth mt="sm" />
          <MoveBar leads={chosen.chosen} onClear={chosen.clear} />
        </Box>
        {isWide && selected !== undefined ? (
          <section className={shared.detail} aria-label="Selected lead" tabIndex={-1}>
            <HandoffDetail
              key={selected.id}
              head={selected}
              isAsked={asked === selected.id}
              onAsk={isAsked => setAsked(isAsked ? selected.id : null)}
              onAccept={() => void accept()}
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
    </>
  );
}

const LIST_WORDS = {
  due: 'Leads, those due first',
  '-total': 'Leads, the highest score first',
  '-handedOffAt': 'Leads, the newest first',
} as const;

/** What the address asks of the queue. */
function queryOf(view: QueueView, params: URLSearchParams) {
  const value = (name: string) => params.get(name) ?? undefined;
  const owner = {
    mine: 'me',
    snoozed: 'me',
    unassigned: 'none',
    all: value('owner'),
    others: value('owner'),
  }[view];
  return {
    owner,
    part: view === 'others' ? ('others' as const) : ('sales' as const),
    q: value('q'),
    team: value('team'),
    snoozed: view === 'snoozed' ? ('yes' as const) : undefined,
    due: params.get('due') === 'hour' ? ('hour' as const) : undefined,
    overdue: params.get('overdue') === 'yes' ? ('yes' as const) : undefined,
    grade: value('grade'),
    source: value('source'),
    campaign: value('campaign'),
    sort: QUEUE_SORTS.find(sort => sort === params.get('sort')) ?? ('due' as const),
  };
}

function isOnPage({ target, defaultPrevented }: Event): boolean {
  const isControl =
    target instanceof Element && target.closest('a, button, input, select, textarea') !== null;
  return !defaultPrevented && !isControl;
}

/** Says that the lead of a link is not in the list that the link opened, and where it is. */
function Elsewhere({ id }: { readonly id: string }) {
  const episode = useCall('getEpisode', { params: { id } });
  if (episode.data === undefined) return null;
  const { contact, state } = episode.data;
  return (
    <Alert color="amber" variant="light" mb="sm" py="xs">
      {contact.name} is not in this list{state === 'open' ? '' : ` any longer: it is ${state}`}.{' '}
      <Anchor component={Link} to={`/contacts/${contact.id}`} underline="always">
        Open the contact
      </Anchor>
    </Alert>
  );
}
