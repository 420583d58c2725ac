import { entry, type Particulars } from '../../core/contact/journal.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { readSchedule } from '../../core/worktime/hours.ts';
import { findUserRow } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { addTimeOffRow, deleteTimeOffRow, findTimeOff, saveAvailabilityRow } from '../../db/routing/staff.ts';
import type { Doing } from '../actor.ts';
import { type App, announceQueue } from '../app.ts';
import { AppError, mustFind, notFound, refusalOf } from '../error.ts';

/** The longest time off: longer is a mistake, or somebody who should be switched off. */
const LONGEST_OFF_MS = 3 * 366 * DAY_MS;

/** When a person works; `hours` null is always. */
interface WantedAvailability {
  readonly timezone: string;
  readonly hours: Readonly<Record<string, readonly string[]>> | null;
  readonly holidays: readonly string[];
  readonly paused: boolean;
  readonly pausedNote: string | null;
}

/** Sets a person's working time or pauses them; refused unless it is the doer's own, or they are a manager or admin. */
export async function changeAvailability(
  app: App,
  userId: string,
  wanted: WantedAvailability,
  by: Doing,
): Promise<void> {
  mustMayChange(by, userId);
  const { timezone, hours, holidays, paused, pausedNote } = wanted;
  const { problems } = readSchedule({ timezone, hours, holidays });
  if (problems !== null) throw refusalOf('invalid', problems);
  await app.db.transaction(async sql => {
    await mustExist(sql, userId);
    await saveAvailabilityRow(sql, {
      userId,
      timezone,
      hours: hours === null ? null : JSON.stringify(hours),
      holidays,
      pausedAt: paused ? by.now : null,
      pausedNote,
    });
    await record(sql, by, { user: userId, timezone, hours, holidays, paused, pausedNote });
  });
  announceQueue(app.hub);
}

/**
 * Takes a person out of routing from an instant to another (epoch ms) and returns the id of that time off. Refused unless
 * it is the doer's own, or they are a manager or admin, and when it is over already, ends before it starts or is too long.
 */
export async function bookTimeOff(
  app: App,
  userId: string,
  off: { readonly from: number; readonly to: number; readonly note: string | null },
  by: Doing,
): Promise<string> {
  mustMayChange(by, userId);
  const { from, to, note } = off;
  if (to <= from) refuse('to', 'expected it to end after it starts');
  if (to <= by.now) refuse('to', 'expected time off that is not over yet');
  if (to - from > LONGEST_OFF_MS) refuse('to', 'expected three years at most');
  const id = app.newId();
  await app.db.transaction(async sql => {
    await mustExist(sql, userId);
    await addTimeOffRow(sql, { id, userId, from, to, note, actor: by.actor, now: by.now });
    const timeOff = { id, from: formatInstant(from), to: formatInstant(to) };
    await record(sql, by, { user: userId, timeOff });
  });
  announceQueue(app.hub);
  return id;
}

/** Takes time off back; refused unless it is the doer's own, or they are a manager or admin. */
export async function cancelTimeOff(app: App, id: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const off = await mustFind({ kind: 'time off', id }, () => findTimeOff(sql, id));
    mustMayChange(by, off.user_id);
    await deleteTimeOffRow(sql, id);
    const timeOffTakenBack = { id, from: formatInstant(off.starts_at), to: formatInstant(off.ends_at) };
    await record(sql, by, { user: off.user_id, timeOffTakenBack });
  });
  announceQueue(app.hub);
}

function mustMayChange({ userId, role }: Doing, whose: string): void {
  if (userId === whose || role === undefined || role === 'admin' || role === 'manager') return;
  throw new AppError('forbidden', 'Only the person, a manager or an admin may change this.');
}

async function mustExist(sql: Sql, userId: string): Promise<void> {
  if ((await findUserRow(sql, userId)) === null) throw notFound({ kind: 'user', id: userId });
}

function refuse(path: string, message: string): never {
  throw refusalOf('invalid', [{ path, message }]);
}

async function record(
  sql: Sql,
  { actor, now }: Doing,
  particulars: Particulars<'availability_changed'>,
): Promise<void> {
  await retryWaiting(sql, now);
  await addJournal(sql, [entry('availability_changed', particulars, { at: now, by: actor })]);
}
