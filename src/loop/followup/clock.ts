import { groupBy } from '../../core/contact/group.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { type Tick, ticksOf } from '../../core/followup/clock.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import {
  findDueClocks,
  markPausesTold,
  type PauseRow,
  saveClocks,
  type TickingRow,
  takeDueClocks,
} from '../../db/decision/clock.ts';
import { addJournal } from '../../db/journal.ts';
import { promiseEvents } from '../alert/hook.ts';
import { notify } from '../alert/notify.ts';
import type { App } from '../app.ts';
import type { Settled } from '../evaluation/settle.ts';
import { sweepContacts } from '../evaluation/sweep.ts';
import { type KnownClock, loadClocks } from '../handoff/clock.ts';
import {
  eventOf,
  loadTold,
  type Missed,
  noticeOfMiss,
  noticeOfReminder,
  noticeOfResumption,
} from './escalation.ts';
import { takeAway } from './ownership.ts';

/** How many contacts one sweep looks at: each with what follows, in a transaction that intake waits for. */
const CLOCK_BATCH = 100;

/** Who does what the clock does, in the journal. */
const CLOCK = 'clock';

/** How what was due is done: when it counts as done by when it was due, and since when people are told of it. Epoch ms. */
interface Manner {
  readonly doneAt: (dueAt: number) => number;
  readonly newsSince: number;
}

/**
 * Does what the clocks of episodes have made due, one bounded batch: owners are reminded, what was missed is told, leads go
 * to somebody else. Each once, whatever restarts or doubles. A history that is only now written down is done at its own times,
 * and of what lies before its `newsSince` (epoch ms) nobody is told.
 */
export function sweepClocks(
  app: App,
  now: number,
  history: { readonly newsSince: number } | null = null,
): Promise<Settled> {
  const manner: Manner =
    history === null
      ? { doneAt: () => now, newsSince: Number.NEGATIVE_INFINITY }
      : { ...history, doneAt: dueAt => dueAt };
  return sweepContacts(
    app,
    {
      name: 'clocks',
      find: but => findDueClocks(app.db, { now, limit: CLOCK_BATCH, but }),
      work: (sql, ids) => tickAll(sql, app, ids, { now, ...manner }),
    },
    now,
  );
}

/** A pause that is over. */
interface Over {
  readonly row: TickingRow;
  readonly clock: KnownClock;
  readonly pause: PauseRow;
}

async function tickAll(
  sql: Sql,
  app: App,
  contactIds: readonly string[],
  { now, newsSince, doneAt }: Manner & { readonly now: number },
): Promise<Settled> {
  if (!(await lockContacts(sql, contactIds))) return { contactIds: [], handoffs: [] };
  const rows = await takeDueClocks(sql, contactIds, now);
  const known = await loadClocks(sql, app, rows);
  const looks = rows.flatMap(row =>
    (known.get(row.id) ?? []).map(clock => lookAt(row, clock, { now, doneAt })),
  );
  const fired = looks.flatMap(({ fires }) => fires).sort((a, b) => a.tick.at - b.tick.at);
  const over = looks.flatMap(({ ends }) => ends);
  await saveClocks(
    sql,
    looks.flatMap(({ saved }) => (saved === null ? [] : [saved])),
  );
  await markPausesTold(
    sql,
    looks.flatMap(({ told }) => told),
    now,
  );
  const told = await loadTold(
    sql,
    fired.map(({ row, clock }) => ({ row, to: clock.entry?.escalate?.to ?? null })),
  );
  const missed = fired.flatMap(({ row, clock, tick }): readonly Missed[] =>
    tick.what === 'missed'
      ? [
          {
            row,
            clock,
            told: told.of(row, clock.entry?.escalate?.to ?? null),
            stewardId: told.stewardOf(row),
          },
        ]
      : [],
  );
  const reminded = fired.flatMap(({ row, clock, tick }) =>
    tick.what === 'remind' ? [{ row, clock, tick, stewardId: told.stewardOf(row) }] : [],
  );
  await addJournal(
    sql,
    [
      ...over.map(one => resumedEntry(one, doneAt(one.pause.until))),
      ...reminded.map(({ row, clock, tick }) => remindedEntry(row, clock, tick, doneAt(tick.at))),
      ...missed.map(one => missedEntry(one, doneAt(one.clock.facts.dueAt))),
    ].sort((a, b) => a.at - b.at),
  );
  await notify(sql, app, [
    ...over
      .filter(({ pause }) => pause.until > newsSince)
      .flatMap(one => noticeOfResumption(one, doneAt(one.pause.until))),
    ...reminded
      .filter(({ tick }) => tick.at > newsSince)
      .map(one => noticeOfReminder(one, doneAt(one.tick.at))),
    ...missed
      .filter(({ clock }) => clock.facts.dueAt > newsSince)
      .map(one => noticeOfMiss(one, doneAt(one.clock.facts.dueAt))),
  ]);
  await promiseEvents(
    sql,
    missed
      .filter(({ clock }) => clock.facts.dueAt > newsSince)
      .map(one => eventOf(one, doneAt(one.clock.facts.dueAt))),
  );
  const reroutes = fired.filter(({ tick }) => tick.what === 'reroute');
  // Both clocks of a lead may have run out: the first has it taken away.
  const overruns = reroutes
    .filter((one, index) => reroutes.findIndex(({ row }) => row.id === one.row.id) === index)
    .map(({ row, clock, tick }) => ({
      ...{ row, kind: clock.facts.kind, stewardId: told.stewardOf(row), at: doneAt(tick.at) },
    }));
  const settled: Settled[] = [];
  for (const [at, together] of groupBy(overruns, one => one.at))
    settled.push(await takeAway(sql, app, together, at));
  const touched = [...settled.flatMap(one => one.contactIds), ...rows.map(row => row.contact_id)];
  return { contactIds: [...new Set(touched)], handoffs: settled.flatMap(({ handoffs }) => handoffs) };
}

/** What is due on a clock now, and when it is to be looked at next. */
function lookAt(
  row: TickingRow,
  clock: KnownClock,
  { now, doneAt }: Pick<Manner, 'doneAt'> & { readonly now: number },
) {
  const { facts, stored, pauses, entry: sla } = clock;
  if (stored === null) return { fires: [], ends: [], told: [], saved: null };
  const isDone = (tick: Tick): boolean => {
    if (tick.what === 'remind') return stored.reminded.includes(String(tick.share));
    return (tick.what === 'missed' ? stored.missed_at : stored.rerouted_at) !== null;
  };
  const pending = ticksOf(facts).filter(tick => !isDone(tick));
  const due = pending.filter(({ at }) => at <= now);
  // A clock from before its entry was kept: what it would have told of the past is not news.
  const isAdopted = stored.entry === null;
  const fires = due
    .filter(({ what }) => !(isAdopted && what === 'remind'))
    .map(tick => ({ row, clock, tick }));
  const untold = pauses.filter(({ told_at: toldAt, reason }) => toldAt === null && reason !== null);
  const ended = untold.filter(({ until }) => until <= now);
  const { stoppedAt } = facts;
  const ends: Over[] = ended
    .filter(({ until }) => stoppedAt === null || stoppedAt > until)
    .map(pause => ({ row, clock, pause }));
  const next = [
    ...pending.filter(({ at }) => at > now).map(({ at }) => at),
    ...untold.filter(({ until }) => until > now).map(({ until }) => until),
  ];
  const reminded = due.flatMap(tick => (tick.what === 'remind' ? [String(tick.share)] : []));
  const isMissed = due.some(({ what }) => what === 'missed');
  const reroute = due.find(({ what }) => what === 'reroute');
  return {
    fires,
    ends,
    told: ended.map(({ id }) => id),
    saved: {
      episodeId: row.id,
      kind: facts.kind,
      entry: stored.entry ?? sla?.id ?? null,
      tickAt: stoppedAt === null && next.length > 0 ? Math.min(...next) : null,
      reminded: [...stored.reminded, ...reminded],
      missedAt: isMissed ? facts.dueAt : stored.missed_at,
      reroutedAt: reroute === undefined ? stored.rerouted_at : doneAt(reroute.at),
    },
  };
}

function about(row: TickingRow, at: number, now: number) {
  return {
    contactId: row.contact_id,
    episodeId: row.id,
    agreementId: row.agreement_id,
    version: row.version,
    at,
    recordedAt: now,
    by: CLOCK,
  };
}

function resumedEntry({ row, clock, pause }: Over, now: number): JournalEntry {
  const particulars = { reason: pause.reason ?? '', dueAt: formatInstant(clock.facts.dueAt) };
  return entry('clock_resumed', particulars, about(row, pause.until, now));
}

function remindedEntry(
  row: TickingRow,
  { facts: { kind: clock, dueAt } }: KnownClock,
  tick: Extract<Tick, { readonly what: 'remind' }>,
  now: number,
): JournalEntry {
  const particulars = { clock, share: tick.share, dueAt: formatInstant(dueAt), to: row.owner_name };
  return entry('reminded', particulars, about(row, tick.at, now));
}

function missedEntry({ row, clock, told }: Missed, now: number): JournalEntry {
  const { kind, dueAt } = clock.facts;
  const particulars = { clock: kind, dueAt: formatInstant(dueAt), owner: row.owner_name, to: told.words };
  return entry('clock_missed', particulars, about(row, dueAt, now));
}
