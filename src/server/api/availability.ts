import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Availability } from '../../contract/api/team.ts';
import { mayWork } from '../../contract/role.ts';
import { attendanceOf } from '../../core/routing/attendance.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { instantOrNull } from '../../core/time/instant.ts';
import { readSchedule } from '../../core/worktime/hours.ts';
import { findUserRow } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import {
  addTimeOffRow,
  deleteTimeOffRow,
  findAvailability,
  findTimeOff,
  loadTimeOff,
  saveAvailabilityRow,
} from '../../db/routing/staff.ts';
import { AppError, refusalOf } from '../../loop/error.ts';
import { scheduleOf } from '../../loop/routing/staff.ts';
import { mustBeSomeone } from '../handler/actor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { attendanceView, timeOffView } from './teamview.ts';

/** The longest time off: longer is a mistake, or somebody who should be switched off. */
const LONGEST_OFF_MS = 3 * 366 * DAY_MS;

const hoursShape = z.record(z.string(), z.array(z.string())).nullable().catch(null);

/** Shows when a person works, is off, or takes no leads. */
export const getAvailability: Handler<'getAvailability'> = ({ app, now }, { params }) =>
  viewAvailability(app.db, params.id, now);

/** Sets a person's working time or pauses them: one's own, or as manager or admin anybody's. */
export const saveAvailability: Handler<'saveAvailability'> = async (request, { params, body }) => {
  mayChange(request, params.id);
  const { app, now } = request;
  const { timezone, hours, holidays, paused, pausedNote } = body;
  const { problems } = readSchedule({ timezone, hours, holidays });
  if (problems !== null) throw refusalOf('invalid', problems);
  const saved = await app.db.transaction(async sql => {
    await mustExist(sql, params.id);
    await saveAvailabilityRow(sql, {
      userId: params.id,
      timezone,
      hours: hours === null ? null : JSON.stringify(hours),
      holidays,
      pausedAt: paused ? now : null,
      pausedNote,
    });
    await record(sql, request, { user: params.id, timezone, hours, holidays, paused, pausedNote });
    return viewAvailability(sql, params.id, now);
  });
  app.hub.publish(null, { kind: 'queue' });
  return saved;
};

/** Takes somebody out of routing for a time: oneself, or as manager or admin anybody. */
export const addTimeOff: Handler<'addTimeOff'> = async (request, { params, body }) => {
  mayChange(request, params.id);
  const { app, now } = request;
  const [from, to] = [readGiven(body.from), readGiven(body.to)];
  if (to <= from) refuse('to', 'expected it to end after it starts');
  if (to <= now) refuse('to', 'expected time off that is not over yet');
  if (to - from > LONGEST_OFF_MS) refuse('to', 'expected three years at most');
  const [id, actor] = [randomUUID(), mustBeSomeone(request.caller).name];
  await app.db.transaction(async sql => {
    await mustExist(sql, params.id);
    await addTimeOffRow(sql, { id, userId: params.id, from, to, note: body.note, actor, now });
    await record(sql, request, { user: params.id, timeOff: { id, from: iso(from), to: iso(to) } });
  });
  app.hub.publish(null, { kind: 'queue' });
  return { id, userId: params.id, from: iso(from), to: iso(to), note: body.note, createdBy: actor };
};

/** Takes time off back: one's own, or as manager or admin anybody's. */
export const deleteTimeOff: Handler<'deleteTimeOff'> = async (request, { params: { id } }) => {
  const { app } = request;
  await app.db.transaction(async sql => {
    const found = isUuid(id) ? await findTimeOff(sql, id) : null;
    if (found === null) throw new AppError('notFound', `there is no time off ${id}`);
    mayChange(request, found.user_id);
    await deleteTimeOffRow(sql, id);
    const timeOff = { id, from: iso(found.starts_at), to: iso(found.ends_at) };
    await record(sql, request, { user: found.user_id, timeOffTakenBack: timeOff });
  });
  app.hub.publish(null, { kind: 'queue' });
  return { ok: true };
};

async function viewAvailability(sql: Sql, userId: string, now: number): Promise<Availability> {
  const row = await findAvailability(sql, userId);
  const user = await findUserRow(sql, userId);
  if (row === null || user === null) throw new AppError('notFound', `there is no user ${userId}`);
  const off = await loadTimeOff(sql, { now, userId });
  const person = {
    id: userId,
    name: row.name,
    email: user.email,
    isActive: user.active,
    mayWork: mayWork(user.role),
    isPaused: row.paused === true,
    schedule: scheduleOf(row),
    off: off.map(({ starts_at: from, ends_at: to }) => ({ from, to })),
  };
  return {
    userId,
    name: row.name,
    timezone: row.timezone ?? 'UTC',
    hours: hoursShape.parse(row.hours),
    holidays: [...(row.holidays ?? [])],
    paused: person.isPaused,
    pausedAt: instantOrNull(row.paused_at),
    pausedNote: row.paused_note,
    timeOff: off.map(timeOffView),
    attendance: attendanceView(person, attendanceOf(person, now)),
  };
}

function mayChange(request: Request, userId: string): void {
  const { id, role } = mustBeSomeone(request.caller);
  if (id === userId || role === 'admin' || role === 'manager') return;
  throw new AppError('forbidden', 'Only the person, a manager or an admin may change this.');
}

async function mustExist(sql: Sql, userId: string): Promise<void> {
  if ((await findUserRow(sql, userId)) === null) throw new AppError('notFound', `there is no user ${userId}`);
}

function refuse(path: string, message: string): never {
  throw refusalOf('invalid', [{ path, message }]);
}

async function record(sql: Sql, request: Request, particulars: object): Promise<void> {
  await retryWaiting(sql, request.now);
  await addJournal(sql, [
    {
      kind: 'availability_changed',
      contactId: null,
      episodeId: null,
      agreementId: null,
      version: null,
      at: request.now,
      recordedAt: request.now,
      actor: mustBeSomeone(request.caller).name,
      particulars,
    },
  ]);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
