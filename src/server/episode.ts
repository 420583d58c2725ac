import { randomUUID } from 'node:crypto';
import type { Episode } from '../contract/shapes.ts';
import { readAgreement } from '../core/agreement/agreement.ts';
import {
  accept,
  type Case,
  checkActivity,
  type Decided,
  type Refused,
  reject,
  reopen,
} from '../core/decision.ts';
import { parseInstant } from '../core/instant.ts';
import type { Sql } from '../db/database.ts';
import {
  finishTasks,
  loadCase,
  lockLead,
  reassign,
  addActivity as saveActivity,
  saveDecision,
  saveStage,
} from '../db/episode.ts';
import { addJournal } from '../db/journal.ts';
import type { App, Caller, Handler, Request } from './app.ts';
import { AppError } from './apperror.ts';
import { episodeStateOf, loadEpisode } from './queue.ts';

type LoadedCase = NonNullable<Awaited<ReturnType<typeof loadCase>>>;

/** Who does something to an episode, and when; epoch ms. */
export interface Doing {
  readonly actor: string;
  readonly now: number;
}

/** Accepts an episode; refusals are thrown as AppErrors. */
export function acceptLead(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<void> {
  return decide(app, id, by, { kind: 'accepted', run: episode => accept(episode, { ...said, now: by.now }) });
}

/** Rejects an episode with a reason of its agreement; refusals are thrown as AppErrors. */
export function rejectLead(
  app: App,
  id: string,
  said: { readonly reason: string | null; readonly note: string | null },
  by: Doing,
): Promise<void> {
  return decide(app, id, by, {
    kind: 'rejected',
    run: (episode, loaded) => {
      const { agreement } = readAgreement(loaded.body);
      if (agreement === null) throw new Error(`the agreement of episode ${id} is not valid`);
      return reject(episode, agreement, { ...said, now: by.now });
    },
  });
}

/** Takes a decision back; refusals are thrown as AppErrors. */
export function reopenLead(app: App, id: string, by: Doing): Promise<void> {
  return decide(app, id, by, { kind: 'reopened', run: reopen });
}

async function decide(
  app: App,
  id: string,
  by: Doing,
  move: { readonly kind: string; readonly run: (episode: Case, loaded: LoadedCase) => Decided | Refused },
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id);
    const result = move.run(caseOf(loaded), loaded);
    if (result.kind === 'refused') throw refusal(result);
    await commit(sql, loaded, result, { ...by, kind: move.kind });
    return loaded.contact_id;
  });
  app.hub.publish(null, { kind: 'queue' });
  app.hub.publish(null, { kind: 'contact', contactId });
}

async function commit(
  sql: Sql,
  loaded: LoadedCase,
  result: Decided,
  by: Doing & { readonly kind: string },
): Promise<void> {
  const { now, actor } = by;
  await saveDecision(sql, {
    id: loaded.id,
    state: result.state,
    decision: result.decision,
    decidedAt: result.decidedAt,
    decidedBy: result.decision === null ? null : actor,
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    requalifyAt: result.requalifyAt,
    endedAt: result.endedAt,
  });
  const standing = { contactId: loaded.contact_id, agreementId: loaded.agreement_id };
  await saveStage(sql, standing, { stage: result.stage, at: now, lookAgainAt: result.requalifyAt });
  if (result.decision !== null) await finishTasks(sql, loaded.id, now);
  const particulars = {
    stage: result.stage,
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    previous: loaded.state,
  };
  await addJournal(sql, [
    { ...journalOf(loaded), kind: by.kind, at: now, recordedAt: now, actor, particulars },
  ]);
}

function journalOf(loaded: LoadedCase) {
  return {
    contactId: loaded.contact_id,
    episodeId: loaded.id,
    agreementId: loaded.agreement_id,
    version: loaded.version,
  };
}

function caseOf(loaded: LoadedCase): Case {
  return {
    state: episodeStateOf(loaded.state),
    handedOffAt: loaded.handed_off_at,
    firstTouchAt: loaded.first_touch_at,
    decidedAt: loaded.decided_at,
    reason: loaded.reason,
    hasSuccessor: loaded.has_successor,
  };
}

async function mustLoad(sql: Sql, id: string): Promise<LoadedCase> {
  if (isUuid(id)) await lockLead(sql, id);
  const loaded = isUuid(id) ? await loadCase(sql, id) : null;
  if (loaded === null) throw new AppError('notFound', `there is no episode ${id}`);
  return loaded;
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

function refusal({ as, path, message }: Refused): AppError {
  return new AppError(as, message, { problems: path === '' ? [] : [{ path, message }] });
}

/** Logs an activity; the first one that reaches the person is the first touch. */
export async function logActivity(
  app: App,
  id: string,
  said: { readonly kind: string; readonly note: string | null; readonly at: number },
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id);
    const refused = checkActivity(caseOf(loaded), { at: said.at, now: by.now });
    if (refused !== null) throw refusal(refused);
    await saveActivity(sql, {
      id: randomUUID(),
      episodeId: id,
      contactId: loaded.contact_id,
      actor: by.actor,
      ...said,
    });
    const particulars = { activity: said.kind, note: said.note };
    await addJournal(sql, [
      {
        ...journalOf(loaded),
        kind: 'activity',
        at: said.at,
        recordedAt: by.now,
        actor: by.actor,
        particulars,
      },
    ]);
    return loaded.contact_id;
  });
  app.hub.publish(null, { kind: 'queue' });
  app.hub.publish(null, { kind: 'contact', contactId });
}

/** Gives a lead to an active user; refusals are thrown as AppErrors. */
export async function reassignLead(
  app: App,
  id: string,
  to: { readonly ownerId: string; readonly note: string | null },
  by: Doing,
): Promise<void> {
  await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id);
    const episode = { id: loaded.id, contactId: loaded.contact_id, agreementId: loaded.agreement_id };
    const owner = await reassign(sql, episode, to.ownerId);
    if (owner === null) {
      const message = 'expected an active user';
      throw new AppError('invalid', `ownerId: ${message}`, { problems: [{ path: 'ownerId', message }] });
    }
    const particulars = { owner, note: to.note, previousOwner: loaded.owner_id };
    const entry = {
      ...journalOf(loaded),
      kind: 'reassigned',
      at: by.now,
      recordedAt: by.now,
      actor: by.actor,
      particulars,
    };
    await addJournal(sql, [entry]);
  });
  app.hub.publish(null, { kind: 'queue' });
}

function mustBeSomeone(caller: Caller | null): Caller {
  if (caller === null) throw new AppError('unauthorised', 'sign in first');
  return caller;
}

async function answer(request: Request, id: string): Promise<Episode> {
  const episode = await loadEpisode(request.app, id);
  if (episode === null) throw new AppError('notFound', `there is no episode ${id}`);
  return episode;
}

const doing = (request: Request): Doing => ({ actor: mustBeSomeone(request.caller).name, now: request.now });

export const acceptEpisode: Handler<'acceptEpisode'> = async (request, { params, body }) => {
  await acceptLead(request.app, params.id, { note: body.note ?? null }, doing(request));
  return answer(request, params.id);
};

export const rejectEpisode: Handler<'rejectEpisode'> = async (request, { params, body }) => {
  await rejectLead(
    request.app,
    params.id,
    { reason: body.reason ?? null, note: body.note ?? null },
    doing(request),
  );
  return answer(request, params.id);
};

export const reopenEpisode: Handler<'reopenEpisode'> = async (request, { params }) => {
  await reopenLead(request.app, params.id, doing(request));
  return answer(request, params.id);
};

export const addActivity: Handler<'addActivity'> = async (request, { params, body }) => {
  const at = body.at === undefined ? request.now : parseInstant(body.at);
  if (at === null) {
    throw new AppError('invalid', 'at: expected an RFC 3339 date-time', {
      problems: [{ path: 'at', message: 'expected an RFC 3339 date-time' }],
    });
  }
  await logActivity(request.app, params.id, { kind: body.kind, note: body.note ?? null, at }, doing(request));
  return answer(request, params.id);
};

export const reassignEpisode: Handler<'reassignEpisode'> = async (request, { params, body }) => {
  await reassignLead(
    request.app,
    params.id,
    { ownerId: body.ownerId, note: body.note ?? null },
    doing(request),
  );
  return answer(request, params.id);
};
