import { z } from 'zod';
import type { Availability } from '../../contract/api/team.ts';
import { mayWork } from '../../contract/role.ts';
import { attendanceOf } from '../../core/routing/attendance.ts';
import { instantOrNull } from '../../core/time/instant.ts';
import { findUserRow } from '../../db/access/user.ts';
import { findAvailability, loadTimeOff } from '../../db/routing/staff.ts';
import { notFound } from '../../loop/error.ts';
import { bookTimeOff, cancelTimeOff, changeAvailability } from '../../loop/routing/availability.ts';
import { scheduleOf } from '../../loop/routing/staff.ts';
import { doing, findRemit } from '../handler/actor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { attendanceView, personRefusal, timeOffView } from './teamview.ts';

const hoursShape = z.record(z.string(), z.array(z.string())).nullable().catch(null);
const openShape = z.array(z.object({ date: z.string(), hours: z.array(z.string()) })).catch([]);

/** Shows when a person works, is off, or takes no leads. */
export const getAvailability: Handler<'getAvailability'> = (request, { params }) =>
  viewAvailability(request, params.id);

/** Sets a person's working time or pauses them. */
export const saveAvailability: Handler<'saveAvailability'> = async (request, { params, body }) => {
  await changeAvailability(request.app, params.id, body, doing(request, 'saveAvailability'));
  return viewAvailability(request, params.id);
};

/** Takes somebody out of routing for a time. */
export const addTimeOff: Handler<'addTimeOff'> = async (request, { params, body }) => {
  const by = doing(request, 'addTimeOff');
  const [from, to] = [readGiven(body.from), readGiven(body.to)];
  const id = await bookTimeOff(request.app, params.id, { from, to, note: body.note }, by);
  const row = { id, user_id: params.id, starts_at: from, ends_at: to, note: body.note, created_by: by.actor };
  return timeOffView(row, null);
};

/** Takes time off back. */
export const deleteTimeOff: Handler<'deleteTimeOff'> = async (request, { params }) => {
  await cancelTimeOff(request.app, params.id, doing(request, 'deleteTimeOff'));
  return { ok: true };
};

async function viewAvailability(request: Request, userId: string): Promise<Availability> {
  const { now } = request;
  const { db: sql } = request.app;
  const row = await findAvailability(sql, userId);
  const user = await findUserRow(sql, userId);
  if (row === null || user === null) throw notFound({ kind: 'user', id: userId });
  const off = await loadTimeOff(sql, { now, userId });
  const changeRefused = personRefusal(user, await findRemit(request, 'saveAvailability'));
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
    open: openShape.parse(row.open_days ?? []),
    paused: person.isPaused,
    pausedAt: instantOrNull(row.paused_at),
    pausedNote: changeRefused === null ? row.paused_note : null,
    timeOff: off.map(leave => timeOffView(leave, changeRefused)),
    attendance: attendanceView(person, attendanceOf(person, now)),
    changeRefused,
  };
}
