import { z } from 'zod';
import type { NurtureState } from '../../contract/api/nurture.ts';
import { EXITS, exitWords } from '../../core/contact/exit.ts';
import { stepsOf } from '../../core/nurture/standing.ts';
import { checkWork } from '../../core/routing/remit.ts';
import { oneLine } from '../../core/text/safe.ts';
import { uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import {
  countNurture,
  listEpisodeNurture,
  listNurtureRows,
  listNurtureSteps,
  type NurtureRow,
} from '../../db/nurture/nurture.ts';
import { listWakeupRows } from '../../db/nurture/wakeup.ts';
import { findAgreement } from '../../loop/agreement/active.ts';
import type { App } from '../../loop/app.ts';
import { moveWakeup as moveIt, stopTrack } from '../../loop/decision/reopening.ts';
import { AppError } from '../../loop/error.ts';
import { heldLead } from '../../loop/routing/remit.ts';
import { doing, findRemit } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { personOrNull } from './person.ts';

const position = z.object({ at: cursorInstant, id: uuid });
const exitCause = z.enum(EXITS).catch('stopped');
const stepKind = z.enum(['email', 'webhook', 'wait']).catch('wait');

/** Lists who is in which track, or who has left one. */
export const listNurture: Handler<'listNurture'> = async (request, { query }) => {
  const { db } = request.app;
  const { state, limit } = query;
  const q = oneLine(query.q ?? '', 200);
  const [rows, counts, remit] = await Promise.all([
    listNurtureRows(db, {
      state,
      track: query.track ?? null,
      q: q === '' ? null : q,
      after: readCursor(query.cursor, position),
      limit: limit + 1,
    }),
    countNurture(db),
    findRemit(request, 'stopNurture'),
  ]);
  const { page, last } = splitPage(rows, limit);
  const states = await statesOf(request.app, page);
  return {
    items: page.flatMap(row => {
      const told = states.get(row.episode_id);
      if (told === undefined) return [];
      const refused = remit === null ? 'Your role works no leads.' : checkWork(heldLead(row), remit)?.message;
      return [
        {
          ...told,
          episodeId: row.episode_id,
          contact: headOf(row),
          owner: personOrNull(row.owner_id, row.owner_name),
          workRefused: refused ?? null,
        },
      ];
    }),
    nextCursor:
      last === null
        ? null
        : writeCursor({
            at: state === 'active' ? (last.next_step_at ?? last.entered_at) : last.entered_at,
            id: last.id,
          }),
    tracks: counts.map(({ track: id, label, active, gone: left }) => ({ id, label, active, left })),
  };
};

function headOf(row: Pick<NurtureRow, `contact_${'id' | 'name' | 'title' | 'email' | 'company'}`>) {
  const { contact_id: id, contact_name: name, contact_title: title, contact_email: email } = row;
  return { id, name, title, email, company: row.contact_company };
}

/** Where episodes stand in their latest tracks, by episode; those that were in none are left out. */
export async function loadNurture(
  app: App,
  episodeIds: readonly string[],
): Promise<ReadonlyMap<string, NurtureState>> {
  return statesOf(app, await listEpisodeNurture(app.db, episodeIds));
}

async function statesOf(
  { db }: App,
  rows: readonly NurtureRow[],
): Promise<ReadonlyMap<string, NurtureState>> {
  if (rows.length === 0) return new Map();
  const steps = await listNurtureSteps(
    db,
    rows.map(({ id }) => id),
  );
  const told = new Map<string, NurtureState>();
  for (const row of rows) {
    const running = await findAgreement(db, db, { id: row.agreement_id, version: row.version });
    const done = steps
      .filter(step => step.nurture_id === row.id)
      .map(step => ({ ...step, kind: stepKind.parse(step.kind) }));
    const enrolled = { track: row.track, nextStep: row.next_step, nextStepAt: row.next_step_at, done };
    const shown = running === null ? [] : stepsOf(running.program.agreement, enrolled);
    const because = exitCause.parse(row.left_because);
    told.set(row.episode_id, {
      id: row.id,
      track: { id: row.track, label: row.track_label },
      enteredAt: formatInstant(row.entered_at),
      nextStepAt: instantOrNull(row.next_step_at),
      steps: shown.map(step => ({ ...step, at: instantOrNull(step.at) })),
      left:
        row.left_at === null
          ? null
          : {
              at: formatInstant(row.left_at),
              because,
              words: exitWords({ because, note: row.left_note }),
              by: row.left_by,
            },
    });
  }
  return told;
}

/** Stops the track that a lead is in; answers with where it stands. */
export const stopNurture: Handler<'stopNurture'> = async (request, { params, body }) => {
  await stopTrack(request.app, params.id, { note: body.note ?? null }, doing(request, 'stopNurture'));
  const told = (await loadNurture(request.app, [params.id.toLowerCase()])).get(params.id.toLowerCase());
  if (told === undefined) throw new Error(`episode ${params.id} is in no track`);
  return told;
};

/** Lists the leads whose date has come. */
export const listWakeups: Handler<'listWakeups'> = async (request, { query }) => {
  const { app, caller } = request;
  if (query.owner === 'me' && (caller?.id ?? null) === null)
    throw new AppError('invalid', 'owner: an API key has no leads of its own; give a user id', {
      problems: [{ path: 'query.owner', message: 'expected a user id' }],
    });
  const ownerId = query.owner === 'me' ? (caller?.id ?? null) : (query.owner ?? null);
  const [rows, remit] = await Promise.all([
    listWakeupRows(app.db, { ownerId, after: readCursor(query.cursor, position), limit: query.limit + 1 }),
    findRemit(request, 'moveWakeup'),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(row => ({
      episodeId: row.id,
      contact: headOf(row),
      owner: personOrNull(row.owner_id, row.owner_name),
      team: row.team,
      reason: row.reason === null ? null : { id: row.reason, label: row.reason_label ?? row.reason },
      note: row.note,
      decidedAt: instantOrNull(row.decided_at),
      decidedBy: row.decided_by,
      at: formatInstant(row.woke_at ?? 0),
      total: row.total,
      grade: row.grade,
      workRefused:
        remit === null ? 'Your role works no leads.' : (checkWork(heldLead(row), remit)?.message ?? null),
    })),
    nextCursor: last === null ? null : writeCursor({ at: last.woke_at ?? 0, id: last.id }),
  };
};

/** Sets another date at which a lead is looked at again, or none; answers with it. */
export const moveWakeup: Handler<'moveWakeup'> = async (request, { params, body }) => {
  const until = body.until === null ? null : readGiven(body.until);
  await moveIt(request.app, params.id, { until }, doing(request, 'moveWakeup'));
  return { wakeAt: instantOrNull(until) };
};
