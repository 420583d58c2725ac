import { activateVersion, saveAgreementVersion } from '../../src/db/agreement/agreement.ts';
import type { Database } from '../../src/db/database.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { AppError } from '../../src/loop/error.ts';
import { saveTeam } from '../../src/server/api/team.ts';
import { createWebhook } from '../../src/server/api/webhook.ts';
import { addUser } from '../world/seed.ts';
import { makeAbsences } from './absence.ts';
import { act, requestOf, tick } from './act.ts';
import { seedIds } from './chance.ts';
import { BrokenError, checkDatabase, checkWorld, type Passage } from './check.ts';
import { checkClocks } from './clock.ts';
import { checkPast, tellScores } from './hindsight.ts';
import { checkLetters } from './mails.ts';
import { makeModel } from './model.ts';
import { KilledError, startNode } from './node.ts';
import { openPeers } from './peers.ts';
import { type Action, DAY, HOUR, MINUTE, type NodeNumber, type Plan, START, type Step } from './plan.ts';
import { refeed } from './refeed.ts';
import { MANAGERS } from './remit.ts';
import { checkRota } from './rota.ts';
import { ask, clearWorld, readWorld, type Snapshot } from './snapshot.ts';
import { checkThrottles } from './throttle.ts';
import { checkTracks } from './track.ts';
import { AGREEMENT_ID, type Life, type Look, nowOf, restart } from './world.ts';

const NOTHING = {
  merges: 0,
  undone: 0,
  waited: 0,
  signals: 0,
  reminded: 0,
  missed: 0,
  taken: 0,
  pauses: 0,
  tracks: 0,
  trackSteps: 0,
  woken: 0,
  letters: 0,
  refused: 0,
};

/** What a world was like, to tell that worlds are not all alike. */
export interface Lived {
  readonly steps: number;
  readonly episodes: number;
  readonly deaths: number;
  readonly arrivals: number;
  readonly merges: number;
  readonly undone: number;
  readonly waited: number;
  readonly signals: number;
  readonly reminded: number;
  readonly missed: number;
  readonly taken: number;
  readonly pauses: number;
  readonly asked: number;
  /** Tracks that were entered, steps that were done, dates that came, and letters that arrived and that were refused. */
  readonly tracks: number;
  readonly trackSteps: number;
  readonly woken: number;
  readonly letters: number;
  readonly refused: number;
}

/**
 * Lives through a world on two servers over one database, looking after every step whether all that must hold does;
 * throws BrokenError where it does not. `dbs` are the servers' own ways to it.
 */
export async function liveThrough(dbs: readonly [Database, Database], plan: Plan): Promise<Lived> {
  await clearWorld(dbs[0]);
  seedIds(plan.seed);
  const life = await begin(dbs, plan);
  for (const [index, step] of plan.steps.entries())
    await blamed(`step ${index} of seed ${plan.seed}: ${JSON.stringify(step)}`, () => take(life, step));
  await blamed(`the end of seed ${plan.seed}`, () => end(life));
  const [row] = await ask(
    life.db,
    'lived',
    {
      merges: 'int8',
      undone: 'int8',
      waited: 'int8',
      signals: 'int8',
      reminded: 'int8',
      missed: 'int8',
      taken: 'int8',
      pauses: 'int8',
      tracks: 'int8',
      trackSteps: 'int8',
      woken: 'int8',
      letters: 'int8',
      refused: 'int8',
    },
    `select (select count(*) from contact_merge) as merges, (select count(*) from contact_merge where undone_at is not null) as undone,
       (select count(*) from exception where episode_id is not null) as waited,
       (select count(*) from outbox where payload->>'kind' = 'early') as signals,
       (select count(*) from journal where kind = 'reminded') as reminded,
       (select count(*) from journal where kind = 'clock_missed') as missed,
       (select count(*) from journal where kind = 'taken_away') as taken,
       (select count(*) from pause) as pauses,
       (select count(*) from nurture) as tracks, (select count(*) from nurture_step) as "trackSteps",
       (select count(*) from journal where kind = 'woken') as woken,
       (select count(*) from letter where state = 'sent') as letters,
       (select count(*) from letter where state = 'refused') as refused`,
  );
  return {
    steps: plan.steps.length,
    episodes: life.seen.episodes.length,
    deaths: life.deaths,
    arrivals: life.peers.arrivals(),
    asked: life.asked,
    ...(row ?? NOTHING),
  };
}

async function blamed(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const said = error instanceof BrokenError ? message : `threw ${message}`;
    throw new BrokenError(`${what.slice(0, 700)}\n  ${said}`, { cause: error });
  }
}

async function begin(dbs: readonly [Database, Database], plan: Plan): Promise<Life> {
  const clocks: Life['clocks'] = { base: START, skew: [0, 0], beats: 0 };
  const clock = (node: NodeNumber) => () => clocks.base + clocks.skew[node] + clocks.beats;
  const [db, other] = dbs;
  const life: Life = {
    plan,
    db,
    dbs,
    clocks,
    model: makeModel(plan.versions),
    peers: openPeers(),
    absences: makeAbsences(),
    nodes: [startNode(db, clock(0)), startNode(other, clock(1))],
    sent: [],
    told: [],
    merges: new Map(),
    afterwards: [],
    heard: [],
    looks: [],
    halts: [],
    parted: new Set(),
    step: 0,
    ticks: [],
    seen: { contacts: [], episodes: [], active: new Set() },
    latest: START,
    deaths: 0,
    asked: 0,
    ledgerRead: 0,
    wasActivated: false,
    isAlone: false,
  };
  for (const [index, body] of plan.versions.entries()) {
    const source = `${index} ${JSON.stringify(body)}`;
    const version = { id: AGREEMENT_ID, name: 'Simulated', source, body, createdBy: 'sim', now: START };
    await db.transaction(sql => saveAgreementVersion(sql, version));
  }
  await activateVersion(db, { id: AGREEMENT_ID, version: 1, now: START, handsOver: false });
  await addUser(db, { id: 'adm', name: 'Ada Admin', email: 'adm@baton.example', role: 'admin' });
  for (const { id, name } of MANAGERS)
    await addUser(db, { id, name, email: `${id}@baton.example`, role: 'manager' });
  for (const { id } of plan.reps) await addUser(db, { id, name: `Rep ${id}`, email: `${id}@baton.example` });
  for (const [name, members] of Object.entries(plan.teams)) {
    const managerId = MANAGERS.find(({ manages }) => manages === name)?.id ?? null;
    const body = { label: name, managerId, members: [...members] };
    await saveTeam(requestOf(life, 0), { params: { name }, query: undefined, body });
  }
  if (plan.hasWebhook) {
    const body = {
      url: 'https://hooks.example.com/baton',
      description: 'sim',
      eventTypes: [],
      allowPrivate: true,
    };
    await createWebhook(requestOf(life, 0), { params: undefined, query: undefined, body });
  }
  life.seen = await readWorld(db);
  life.looks.push(lookOf(life.seen, START));
  return life;
}

/** Who was who in a world, by their names. */
function lookOf({ contacts, episodes }: Snapshot, now: number): Look {
  return {
    now,
    names: new Map(contacts.flatMap(({ id, names }) => names.map(name => [name, id] as const))),
    episodes: new Map(episodes.map(({ id, contact_id }) => [id, contact_id])),
    contacts: new Map(contacts.map(({ id, names }) => [id, names])),
    versions: new Map(contacts.map(({ id, version }) => [id, version])),
  };
}

async function take(life: Life, step: Step): Promise<void> {
  life.clocks.base = step.at;
  life.clocks.skew = step.skew;
  life.clocks.beats = 0;
  const run = async ({ node, dies, action }: Step['acts'][number]) => {
    life.isAlone = step.acts.length === 1 && dies === null;
    if (dies !== null) life.nodes[node].dieAt(dies);
    await act(life, node, action).catch(forgive);
    if (life.nodes[node].isDead()) restart(life, node);
    else life.nodes[node].spare();
  };
  // One connection has no at the same time.
  if (step.acts.length === 1 || life.db.kind === 'pglite') for (const doing of step.acts) await run(doing);
  else await allEnded(step.acts.map(run));
  for (const work of life.afterwards.splice(0)) await work();
  const [only] = step.acts;
  await look(life, {
    isSettled: step.acts.length === 1 && only?.action.kind === 'tick' && only.dies === null,
    isAlone: step.acts.length === 1 && isOneBatch(only?.action),
    isSplit: step.acts.some(({ action }) => action.kind === 'likeness' && action.what === 'undo'),
    isByHand: step.acts.some(({ action }) => action.kind === 'requalify'),
  });
}

/** Waits for all, also where one fails: nothing of a broken world may go on into the next. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

const REFUSALS: ReadonlySet<string> = new Set(['conflict', 'invalid', 'notFound']);

/** A refusal is an answer, and the one who asked makes up for a death; all else is an error. */
function forgive(error: unknown): void {
  if (error instanceof KilledError) return;
  // What was chosen may be gone when its turn comes: a pair that is alike no more leaves the list.
  if (error instanceof AppError && REFUSALS.has(error.code)) return;
  throw error;
}

function isOneBatch(action: Action | undefined): boolean {
  return action !== undefined && (action.kind !== 'calls' || action.groups.length === 1);
}

async function look(
  life: Life,
  how: Pick<Passage, 'isSettled' | 'isAlone' | 'isSplit' | 'isByHand'>,
): Promise<void> {
  const { model, db } = life;
  const after = await readWorld(db);
  const now = nowOf(life);
  life.latest = Math.max(life.latest, now);
  checkWorld(model, { before: life.seen, after, now, wasActivated: life.wasActivated, ...how });
  life.seen = after;
  const seen = lookOf(after, now);
  life.looks.push(seen);
  const [fault] = life.peers.post.endStep(seen, life.step);
  if (fault !== undefined) throw new BrokenError(fault);
  life.step += 1;
  await checkDatabase(db, how.isSettled ? now : null);
  if (!how.isSettled) return;
  await life.peers.check(db, false);
  life.ledgerRead = await life.absences.check(db, life.ledgerRead);
  life.ticks.push(now);
  await checkClocks(life, now);
  if (life.plan.hasLetters) await checkTracks(life, now);
  await tellScores(life, now);
}

/**
 * How long passes between the last rounds, in ms: leases end, lanes open again, what was held back for the morning leaves,
 * and whatever is left after the last sweep is sent.
 */
const HEALING = [2 * MINUTE, HOUR, DAY, HOUR, DAY, HOUR, 2 * DAY, 2 * DAY];

/** Ends a world: everything heals, and what was promised must come to an end. */
async function end(life: Life): Promise<void> {
  life.clocks.skew = [0, 0];
  life.clocks.base = life.latest + DAY;
  life.clocks.beats = 0;
  await tick(life, 0);
  await look(life, { isSettled: true, isAlone: true, isSplit: false, isByHand: false });
  await checkRota(life.db);
  await checkPast(life);
  const [, node] = life.nodes;
  const { app } = node;
  const senders = life.peers.senders('takes', node);
  for (const wait of HEALING) {
    life.clocks.base += wait;
    await deliverDue(app, senders, { now: app.clock(), batch: 500, timeoutMs: 1000 });
    if (wait === DAY) await tick(life, 1);
  }
  if (life.plan.hasLetters) {
    const [fault] = life.peers.post.endStep(lookOf(await readWorld(life.db), nowOf(life)), life.step);
    if (fault !== undefined) throw new BrokenError(fault);
    await checkLetters(life);
  }
  await life.peers.check(life.db, true);
  await checkThrottles(life);
  await refeed(life);
}
