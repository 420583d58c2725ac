import { activateVersion } from '../../src/db/agreement/agreement.ts';
import type { Database } from '../../src/db/database.ts';
import type { Doing } from '../../src/loop/actor.ts';
import { sweepBulletins, sweepGathered } from '../../src/loop/alert/bulletin.ts';
import { sweepHeld } from '../../src/loop/alert/signal.ts';
import type { App } from '../../src/loop/app.ts';
import { sweepFailing } from '../../src/loop/delivery/failure.ts';
import { deliverDue, sweepAhead } from '../../src/loop/delivery/outbox.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { sweepWaiting } from '../../src/loop/evaluation/reroute.ts';
import { sweepDue, sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { sweepOverdue } from '../../src/loop/exception/exception.ts';
import { sweepClocks } from '../../src/loop/followup/clock.ts';
import { sweepLeavers } from '../../src/loop/followup/leaver.ts';
import { classEvents } from '../../src/loop/intake/reclass.ts';
import { sweepLetters } from '../../src/loop/letter/sweep.ts';
import { sweepNews } from '../../src/loop/nurture/news.ts';
import { sweepNurture } from '../../src/loop/nurture/sweep.ts';
import { sweepWakeups } from '../../src/loop/nurture/wakeup.ts';
import { bookTimeOff } from '../../src/loop/routing/availability.ts';
import { updateUser } from '../../src/server/access/user.ts';
import { saveAvailability } from '../../src/server/api/availability.ts';
import { retryDelivery } from '../../src/server/api/delivery.ts';
import {
  keepDuplicateApart,
  mergeDuplicate,
  reopenDuplicate,
  undoMerge,
} from '../../src/server/api/duplicate.ts';
import { retryException } from '../../src/server/api/exception.ts';
import { saveTeam } from '../../src/server/api/team.ts';
import type { Caller, Request } from '../../src/server/handler/handler.ts';
import { chosen } from './chance.ts';
import { BrokenError } from './check.ts';
import { decide } from './decide.ts';
import { KilledError } from './node.ts';
import type { Raw } from './people.ts';
import { type Action, HOUR, type NodeNumber } from './plan.ts';
import { BY_ADMIN, chooseDoer } from './remit.ts';
import { ask } from './snapshot.ts';
import { wish } from './wish.ts';
import { AGREEMENT_ID, type Life, nowOf, restart, tickOf } from './world.ts';

const ADMIN: Caller = { id: BY_ADMIN.userId, name: BY_ADMIN.actor, role: 'admin' };

/** A request of the admin at a server, at its present time. */
export function requestOf({ nodes }: Life, node: NodeNumber): Request {
  const { app } = nodes[node];
  return {
    app,
    now: app.clock(),
    caller: ADMIN,
    headers: new Headers(),
    address: '127.0.0.1',
    setHeader: () => {},
  };
}

/** Does one thing at a server. Rejects with what the server throws: a refusal, or its death. */
export async function act(life: Life, node: NodeNumber, action: Action): Promise<void> {
  const { app } = life.nodes[node];
  switch (action.kind) {
    case 'calls':
      await Promise.all(action.groups.map(raws => sendCalls(life, node, { raws, trust: action.trust })));
      return;
    case 'again': {
      const before = chosen(life.sent, action.pick);
      if (before !== null) await sendCalls(life, node, before);
      return;
    }
    case 'tick':
      return tick(life, node);
    case 'accept':
    case 'reopen':
    case 'touch':
    case 'reject':
    case 'reassign':
    case 'handback':
    case 'hold':
    case 'resume':
    case 'halt':
    case 'requalify':
    case 'wakeup':
      return decide(life, node, action);
    case 'wish':
      return wish(life, node, action);
    case 'employ':
    case 'pause':
    case 'timeoff':
    case 'weigh':
      return manage(life, node, action);
    case 'activate': {
      life.wasActivated = true;
      const { version, handsOver } = action;
      const of = { id: AGREEMENT_ID, version, now: app.clock(), handsOver };
      await app.db.transaction(sql => activateVersion(sql, of));
      return;
    }
    case 'class':
      return classOne(life, node, action);
    case 'likeness':
      return review(life, node, action);
    case 'retry': {
      const open = await ask(
        life.db,
        'exceptions',
        { id: 'uuid' },
        'select id from exception where closed_at is null order by opened_at, id',
      );
      const id = chosen(open, action.pick)?.id;
      tickOf(life, node);
      if (id !== undefined)
        await retryException(requestOf(life, node), { params: { id }, query: undefined, body: undefined });
      return;
    }
    case 'resend': {
      const failed = await ask(
        life.db,
        'failed',
        { id: 'uuid' },
        `select id from outbox where state = 'failed' order by created_at, id`,
      );
      const id = chosen(failed, action.pick)?.id;
      if (id !== undefined)
        await retryDelivery(requestOf(life, node), { params: { id }, query: undefined, body: undefined });
      return;
    }
    case 'deliver': {
      const senders = life.peers.senders(action.mood, life.nodes[node]);
      await deliverDue(app, senders, { now: app.clock(), batch: 20, timeoutMs: 1 });
    }
  }
}

async function manage(
  life: Life,
  node: NodeNumber,
  action: Extract<Action, { kind: 'employ' | 'pause' | 'timeoff' | 'weigh' }>,
): Promise<void> {
  const { absences } = life;
  const now = tickOf(life, node);
  const request = requestOf(life, node);
  switch (action.kind) {
    case 'employ': {
      const { user, active } = action;
      try {
        await updateUser(request, { params: { id: user }, query: undefined, body: { active } });
      } finally {
        const isAway = await isSo(
          life.db,
          'inactive',
          'select not active as so from app_user where id = $1',
          user,
        );
        absences.set(user, 'inactive', isAway, now);
      }
      return;
    }
    case 'pause': {
      const { user, paused, hours } = action;
      const body = { timezone: 'Europe/London', hours, holidays: [], open: [], paused, pausedNote: null };
      try {
        await saveAvailability(request, { params: { id: user }, query: undefined, body });
      } finally {
        const isAway = await isSo(
          life.db,
          'paused',
          'select paused as so from availability where user_id = $1',
          user,
        );
        absences.set(user, 'paused', isAway, now);
      }
      return;
    }
    case 'timeoff': {
      const [from, to] = [now + action.inHours * HOUR, now + (action.inHours + action.hours) * HOUR];
      const subject = { kind: 'person', id: action.user } as const;
      const attempt = (by: Doing) => bookTimeOff(request.app, action.user, { from, to, note: null }, by);
      await attempt(await chooseDoer(life, { admin: { ...BY_ADMIN, now }, subject, pick: from }, attempt));
      return absences.add(action.user, from, to);
    }
    case 'weigh': {
      const body = { label: action.team, members: [...action.members] };
      await saveTeam(request, { params: { name: action.team }, query: undefined, body });
    }
  }
}

/** What the database says of somebody: a server that died may have changed it, or not. */
async function isSo(db: Database, name: string, text: string, user: string): Promise<boolean> {
  const [row] = await ask(db, name, { so: 'bool' }, text, user);
  return row?.so === true;
}

/** Sends calls until they are answered: what a server did not answer before it died goes to the other one. */
async function sendCalls(life: Life, node: NodeNumber, { raws, trust }: Life['sent'][number]): Promise<void> {
  const fresh = raws.filter(raw => !life.model.knows(raw.messageId));
  for (let server = node; ; server = server === 0 ? 1 : 0) {
    const receivedAt = tickOf(life, server);
    const receiver = life.nodes[server];
    try {
      await receiver.send(raws, trust);
      take(life, fresh, { receivedAt, node: server });
      // Only now may it be sent again: of two at once nobody could say which one counts.
      life.sent.push({ raws, trust });
      return;
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      if (life.nodes[server] === receiver) restart(life, server);
      if (await isKept(life.db, fresh)) take(life, fresh, { receivedAt, node: server });
    }
  }
}

/** Notes what was taken in, by the clock of the server that heard it, and when it may have been worked on. */
function take(
  life: Life,
  fresh: readonly Raw[],
  { receivedAt, node }: { readonly receivedAt: number; readonly node: NodeNumber },
): void {
  life.model.take(fresh, receivedAt);
  for (const raw of fresh) {
    life.heard.push({ raw, step: life.step, from: receivedAt, to: life.nodes[node].app.clock() });
    life.peers.post.hear(raw);
  }
}

async function isKept(db: Database, raws: readonly Raw[]): Promise<boolean> {
  const ids = raws.map(({ messageId }) => messageId);
  const [row] = await ask(
    db,
    'kept',
    { n: 'int8' },
    'select count(*) as n from message where id = any($1)',
    ids,
  );
  const kept = row?.n ?? 0;
  if (kept > 0 && kept < ids.length)
    throw new BrokenError(`half a request was kept: ${kept} of ${ids.length}`);
  return kept > 0;
}

/** Runs every sweep until nothing is due. */
export async function tick(life: Life, node: NodeNumber): Promise<void> {
  const { app } = life.nodes[node];
  tickOf(life, node);
  // Nobody's clock may be ahead of the sweeps, or what is due by it stays due.
  const now = nowOf(life);
  for (let round = 0; ; round++) {
    const done = [
      await sweepLeavers(app, now),
      await sweepDue(app, now),
      await sweepStale(app, now),
      await sweepClocks(app, now),
      await sweepWaiting(app, now),
      await sweepDuplicates(app, now),
    ];
    if (done.every(({ contactIds }) => contactIds.length === 0)) break;
    if (round > 50) throw new BrokenError('the sweeps find no end');
  }
  if (life.plan.hasLetters) await tickLetters(app, now);
  await sweepOverdue(app, now);
  await sweepHeld(app, now);
  await sweepGathered(app, now);
  await sweepBulletins(app, now);
  await sweepFailing(app, now);
}

/** Ends letters that were given up, and takes tracks and dates as far as they are due. */
async function tickLetters(app: App, now: number): Promise<void> {
  await sweepAhead(app, now);
  await sweepLetters(app, now);
  for (let round = 0; ; round++) {
    const done = [await sweepNews(app, now), await sweepNurture(app, now), await sweepWakeups(app, now)];
    if (done.every(count => count === 0)) return;
    if (round > 50) throw new BrokenError('the sweeps of tracks find no end');
  }
}

async function classOne(
  life: Life,
  node: NodeNumber,
  { pick, machine }: Extract<Action, { kind: 'class' }>,
): Promise<void> {
  const { app } = life.nodes[node];
  const events = life.model.facts().filter(({ raw }) => raw.type === 'page' || raw.type === 'track');
  const raw = chosen(events, pick)?.raw;
  if (raw === undefined) return;
  const find = () =>
    ask(
      life.db,
      'event',
      { id: 'int8', machine: 'text?' },
      'select id, machine from event where message_id = $1',
      raw.messageId,
    );
  const [event] = await find();
  if (event === undefined) throw new BrokenError(`an event is gone: ${raw.messageId}`);
  const now = tickOf(life, node);
  const classing = { eventIds: [event.id], machine, note: null };
  try {
    await app.db.transaction(sql => classEvents(sql, app, classing, { actor: 'Ann', now }));
  } finally {
    const [seen] = await find();
    if (seen !== undefined) life.model.class(raw.messageId, seen.machine !== null, now);
  }
}

/**
 * Where the calls and names of two contacts that were parted are: with the one that left, or not, by message and by
 * name. An alias leaves no trace but the name.
 */
async function whereCallsWent(db: Database, mergeId: string): Promise<ReadonlyMap<string, boolean>> {
  const rows = await ask(
    db,
    'went',
    { trace: 'text', has_left: 'bool' },
    `select said.trace, said.contact_id = m.from_id as has_left
     from contact_merge m join (
       select contact_id, message_id as trace from event union all select contact_id, message_id from profile_fact
       union all select contact_id, kind || ' ' || value from contact_identity) said
       on said.contact_id in (m.from_id, m.into_id)
     where m.id = $1`,
    mergeId,
  );
  return new Map(rows.map(row => [row.trace, row.has_left]));
}

/** Decides on a pair of contacts that may be one person, or takes a merge back. */
async function review(
  life: Life,
  node: NodeNumber,
  { pick, what }: Extract<Action, { kind: 'likeness' }>,
): Promise<void> {
  const { db, model, merges } = life;
  const now = tickOf(life, node);
  const request = requestOf(life, node);
  const params = (id: string) => ({ params: { id }, query: undefined });
  if (what === 'undo') {
    const [id, sides] = chosen([...merges], pick) ?? [null, null];
    if (id === null) return;
    const isUndone = async () =>
      (
        await ask(
          db,
          'undone',
          { undone_at: 'timestamptz?' },
          'select undone_at from contact_merge where id = $1',
          id,
        )
      )[0]?.undone_at ?? null;
    try {
      await undoMerge(request, { ...params(id), body: undefined });
    } finally {
      if ((await isUndone()) !== null && merges.delete(id))
        life.afterwards.push(async () => {
          model.part(sides, now, await whereCallsWent(db, id));
          life.peers.post.part([...sides.from, ...sides.into]);
          for (const name of [...sides.from, ...sides.into]) life.parted.add(name);
        });
    }
    return;
  }
  const pairs = await ask(
    db,
    'pairs',
    { id: 'uuid', a_id: 'uuid', b_id: 'uuid', state: 'text' },
    `select l.id, a_id, b_id, state from likeness l join contact a on a.id = a_id join contact b on b.id = b_id
     where a.merged_into is null and b.merged_into is null and (state = 'apart') = $1 order by l.id`,
    what === 'reopen',
  );
  const pair = chosen(pairs, pick);
  if (pair === null) return;
  if (what === 'apart') await keepDuplicateApart(request, { ...params(pair.id), body: {} });
  if (what === 'reopen') await reopenDuplicate(request, { ...params(pair.id), body: undefined });
  if (what !== 'merge') return;
  const [into, from] = pick % 2 === 0 ? [pair.a_id, pair.b_id] : [pair.b_id, pair.a_id];
  const namesOf = (id: string) => life.seen.contacts.find(contact => contact.id === id)?.names ?? [];
  const sides = { from: namesOf(from), into: namesOf(into), at: now };
  try {
    await mergeDuplicate(request, { ...params(pair.id), body: { into } });
  } finally {
    const [merge] = await ask(
      db,
      'merge',
      { id: 'uuid' },
      'select id from contact_merge where from_id = $1 and into_id = $2 and kept is not null and undone_at is null',
      from,
      into,
    );
    if (merge !== undefined && !merges.has(merge.id)) {
      merges.set(merge.id, sides);
      model.join(sides.from[0] ?? '', sides.into[0] ?? '', now);
    }
  }
}
