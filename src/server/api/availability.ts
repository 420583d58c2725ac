import { z } from 'zod';
import type { Availability } from '../../contract/api/team.ts';
import { mayWork } from '../../contract/role.ts';
import { attendanceOf } from '../../core/routing/attendance.ts';
import { instantOrNull } from '../../core/time/instant.ts';
import { findUserRow } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { findAvailability, loadTimeOff } from '../../db/routing/staff.ts';
import { notFound } from '../../loop/error.ts';
import { bookTimeOff, cancelTimeOff, changeAvailability } from '../../loop/routing/availability.ts';
import { scheduleOf } from '../../loop/routing/staff.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { attendanceView, timeOffView } from './teamview.ts';

const hoursShape = z.record(z.string(), z.array(z.string())).nullable().catch(null);

/** Shows when a person works, is off, or takes no leads. */
export const getAvailability: Handler<'getAvailability'> = ({ app, now }, { params }) =>
  viewAvailability(app.db, params.id, now);

/** Sets a person's working time or pauses them: one's own, or as manager or admin anybody's. */
export const saveAvailability: Handler<'saveAvailability'> = async (request, { params, body }) => {
  const { app, now } = request;
  await changeAvailability(app, params.id, body, doing(request));
  return viewAvailability(app.db, params.id, now);
};

/** Takes somebody out of routing for a time: oneself, or as manager or admin anybody. */
export const addTimeOff: Handler<'addTimeOff'> = async (request, { params, body }) => {
  const by = doing(request);
  const [from, to] = [readGiven(body.from), readGiven(body.to)];
  const id = await bookTimeOff(request.app, params.id, { from, to, note: body.note }, by);
  return timeOffView({
    id,
    user_id: params.id,
    starts_at: from,
    ends_at: to,
    note: body.note,
    created_by: by.actor,
  });
};

/** Takes time off back: one's own, or as manager or admin anybody's. */
export const deleteTimeOff: Handler<'deleteTimeOff'> = async (request, { params }) => {
  await cancelTimeOff(request.app, params.id, doing(request));
  return { ok: true };
};

async function viewAvailability(sql: Sql, userId: string, now: number): Promise<Availability> {
  const row = await findAvailability(sql, userId);
  const user = await findUserRow(sql, userId);
  if (row === null || user === null) throw notFound({ kind: 'user', id: userId });
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
