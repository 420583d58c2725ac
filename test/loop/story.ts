import type { Opens } from '../../src/core/handoff/opening.ts';
import { readCall, type Trust } from '../../src/core/intake/call.ts';
import { formatInstant } from '../../src/core/time/instant.ts';
import type { Column, Database, RowOf, Sql } from '../../src/db/database.ts';
import type { App } from '../../src/loop/app.ts';
import { acceptLead } from '../../src/loop/decision/decision.ts';
import { rejectLead } from '../../src/loop/decision/rejection.ts';
import { reopenLead } from '../../src/loop/decision/reopening.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { sweepWaiting } from '../../src/loop/evaluation/reroute.ts';
import { sweepDue, sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { sweepOverdue } from '../../src/loop/exception/exception.ts';
import { logActivity } from '../../src/loop/followup/activity.ts';
import { sweepLeavers } from '../../src/loop/followup/leaver.ts';
import { reassignLead } from '../../src/loop/followup/ownership.ts';
import { takeIn } from '../../src/loop/intake/intake.ts';
import { makeWorld } from '../world/app.ts';
import { empty } from '../world/empty.ts';
import { addAgreement, addUser } from '../world/seed.ts';
import { AGREEMENT } from './agreement.ts';

type Raw = Readonly<Record<string, unknown>>;

/** How calls of a story arrive. */
export interface Arrival {
  readonly trust?: Trust;
  readonly opens?: Opens;
}

/** An episode as a story speaks of it; instants are ISO text. */
export interface SeenEpisode {
  readonly id: string;
  readonly state: string;
  readonly path: string;
  readonly owner: string | null;
  readonly team: string | null;
  readonly waitingFor: string | null;
  readonly total: number;
  readonly breakdown: unknown;
  readonly qualifiedAt: string;
  readonly handedOffAt: string;
  readonly firstTouchDueAt: string | null;
  readonly decisionDueAt: string | null;
  readonly reason: string | null;
  readonly requalifyAt: string | null;
  readonly taskDueAt: string | null;
  readonly isTaskDone: boolean;
  readonly alertsTo: readonly string[];
  readonly promised: readonly string[];
}

/** A contact as a story speaks of it. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly total: number | null;
  readonly qualifies: string | null;
  readonly owner: string | null;
  readonly nextChangeAt: string | null;
  readonly createdAt: string;
  readonly contact: unknown;
  readonly unverified: readonly string[];
  readonly events: number;
  readonly episodes: readonly SeenEpisode[];
}

/** The loop on a database with a clock that stands still until it is set. */
export interface Story {
  readonly app: App;
  readonly db: Database;
  /** Sets the clock. */
  readonly at: (time: string) => void;
  /** Takes Segment calls in, all in one transaction; each is received now. Ids are made up where missing. */
  readonly call: (raw: Raw | readonly Raw[], arrival?: Arrival) => Promise<void>;
  /** Runs the sweeps until nothing is due. */
  readonly tick: () => Promise<void>;
  readonly accept: (who: string) => Promise<void>;
  readonly reject: (who: string, reason: string, note?: string) => Promise<void>;
  readonly reopen: (who: string) => Promise<void>;
  readonly touch: (who: string) => Promise<void>;
  readonly reassign: (who: string, ownerId: string) => Promise<void>;
  /** The contact that holds a user id, anonymous id or e-mail address. */
  readonly see: (who: string) => Promise<Seen>;
  readonly count: (table: string) => Promise<number>;
  readonly query: <const Columns extends Readonly<Record<string, Column>>>(
    columns: Columns,
    text: string,
    ...params: readonly unknown[]
  ) => Promise<readonly RowOf<Columns>[]>;
}

/** Begins a story on an emptied database: the agreement of these tests, two reps in team sales, a manager. */
export async function begin(
  db: Database,
  given: {
    readonly agreement?: object;
    readonly environment?: Readonly<Record<string, string>>;
    readonly isKept?: boolean;
  } = {},
): Promise<Story> {
  // What is kept of an agreement is kept by database, and another story's core is another agreement.
  const world = makeWorld(
    { ...db },
    {
      now: Date.parse('2026-03-02T00:00:00Z'),
      ...(given.environment === undefined ? {} : { environment: given.environment }),
    },
  );
  const { app } = world;
  if (given.isKept !== true) await stock(db, given.agreement ?? AGREEMENT);
  let made = 0;
  const query: Story['query'] = (_columns, text, ...params) => db.run({ name: '', text }, params);
  const see = (who: string) => seeContact(query, who);
  const episodeOf = async (who: string): Promise<string> => {
    const id = (await see(who)).episodes.at(-1)?.id;
    if (id === undefined) throw new Error(`${who} has no episode`);
    return id;
  };
  const by = () => ({ actor: 'Ann', now: world.now() });
  return {
    app,
    db,
    query,
    see,
    at: time => world.setNow(Date.parse(time)),
    call: async (raw, { trust = 'server', opens = 'onCall' } = {}) => {
      const now = world.now();
      const calls = (Array.isArray(raw) ? raw : [raw]).map((one: Raw) => {
        made += 1;
        const read = readCall(one, { receivedAt: now, trust, messageId: `made-${made}` });
        if (read.call === null) throw new Error(read.refusal.reason);
        return read.call;
      });
      await db.transaction((sql: Sql) => takeIn(sql, app, calls, { now, batchId: null, opens }));
    },
    tick: async () => {
      for (let round = 0; ; round++) {
        const due = await sweepDue(app, world.now());
        const stale = await sweepStale(app, world.now());
        const left = await sweepLeavers(app, world.now());
        const alike = await sweepDuplicates(app, world.now());
        const waiting = await sweepWaiting(app, world.now());
        const overdue = await sweepOverdue(app, world.now());
        const touched = [due, stale, left, alike, waiting].flatMap(({ contactIds }) => contactIds);
        if (touched.length + overdue === 0) return;
        if (round > 100) throw new Error('the sweeps find no end');
      }
    },
    accept: async who => acceptLead(app, await episodeOf(who), { note: null }, by()),
    reject: async (who, reason, note) => {
      await rejectLead(app, await episodeOf(who), { reason, note: note ?? null }, by());
    },
    reopen: async who => reopenLead(app, await episodeOf(who), by()),
    touch: async who =>
      logActivity(app, await episodeOf(who), { kind: 'call', note: null, at: world.now() }, by()),
    reassign: async (who, ownerId) => reassignLead(app, await episodeOf(who), { ownerId, note: null }, by()),
    count: async table => {
      const [row] = await query({ n: 'int8' }, `select count(*) as n from ${table}`);
      return row?.n ?? 0;
    },
  };
}

async function stock(db: Database, agreement: object): Promise<void> {
  await empty(db, [
    ...['app_user', 'agreement', 'team', 'company', 'contact', 'contact_key', 'event', 'message'],
    ...['journal', 'outbox', 'rejected_call', 'routing_ledger', 'sighting'],
  ]);
  await addAgreement(db, { body: agreement });
  for (const id of ['ann', 'bob']) await addUser(db, { name: id, id });
  await addUser(db, { name: 'mia', id: 'mia', role: 'manager' });
  await db.script(`insert into team (name, label) values ('sales', 'Sales'), ('queue', 'Queue')`);
  await db.script(
    `insert into team_member (team, user_id, weight, pass) values ('sales', 'ann', 1, 0), ('sales', 'bob', 1, 0)`,
  );
}

async function seeContact(query: Story['query'], who: string): Promise<Seen> {
  const [row, more] = await query(
    {
      id: 'uuid',
      name: 'text',
      created_at: 'timestamptz',
      contact: 'jsonb',
      unverified: 'text[]',
      stage: 'text?',
      total: 'int4?',
      qualifies: 'text?',
      owner_id: 'text?',
      next_change_at: 'timestamptz?',
      events: 'int8',
    },
    `select distinct c.id, c.name, c.created_at, c.contact, c.unverified, s.stage, s.total, s.qualifies, s.owner_id,
       s.next_change_at, (select count(*) from event where contact_id = c.id) as events
     from contact_identity i join contact c on c.id = i.contact_id left join standing s on s.contact_id = c.id
     where i.value = $1`,
    who,
  );
  if (row === undefined) throw new Error(`nobody is called ${who}`);
  if (more !== undefined) throw new Error(`two contacts are called ${who}`);
  return {
    id: row.id,
    name: row.name,
    stage: row.stage ?? 'none',
    total: row.total,
    qualifies: row.qualifies,
    owner: row.owner_id,
    nextChangeAt: isoOrNull(row.next_change_at),
    createdAt: formatInstant(row.created_at),
    contact: row.contact,
    unverified: row.unverified,
    events: row.events,
    episodes: await seeEpisodes(query, row.id),
  };
}

async function seeEpisodes(query: Story['query'], contactId: string): Promise<readonly SeenEpisode[]> {
  const rows = await query(
    {
      id: 'uuid',
      state: 'text',
      path: 'text',
      owner_id: 'text?',
      team: 'text?',
      waiting_for: 'text?',
      total: 'int4',
      breakdown: 'json',
      qualified_at: 'timestamptz',
      handed_off_at: 'timestamptz',
      first_touch_due_at: 'timestamptz?',
      decision_due_at: 'timestamptz?',
      reason: 'text?',
      requalify_at: 'timestamptz?',
      task_due_at: 'timestamptz?',
      task_done_at: 'timestamptz?',
      alerts: 'text[]',
      promised: 'text[]',
    },
    `select e.id, e.state, e.path, e.owner_id, e.team, e.waiting_for, e.total, e.breakdown, e.qualified_at, e.handed_off_at,
       e.first_touch_due_at, e.decision_due_at, e.reason, e.requalify_at, t.due_at as task_due_at, t.done_at as task_done_at,
       (select coalesce(array_agg(user_id order by user_id), '{}') from alert a where a.episode_id = e.id) as alerts,
       (select coalesce(array_agg(channel || ' ' || recipient order by channel, recipient), '{}') from outbox o
        where o.payload->>'episodeId' = e.id::text) as promised
     from episode e left join task t on t.episode_id = e.id
     where e.contact_id = $1 order by e.handed_off_at, e.id`,
    contactId,
  );
  return rows.map(row => ({
    id: row.id,
    state: row.state,
    path: row.path,
    owner: row.owner_id,
    team: row.team,
    waitingFor: row.waiting_for,
    total: row.total,
    breakdown: row.breakdown,
    qualifiedAt: formatInstant(row.qualified_at),
    handedOffAt: formatInstant(row.handed_off_at),
    firstTouchDueAt: isoOrNull(row.first_touch_due_at),
    decisionDueAt: isoOrNull(row.decision_due_at),
    reason: row.reason,
    requalifyAt: isoOrNull(row.requalify_at),
    taskDueAt: isoOrNull(row.task_due_at),
    isTaskDone: row.task_done_at !== null,
    alertsTo: row.alerts,
    promised: row.promised,
  }));
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
