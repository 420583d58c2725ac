import { entry, type Particulars } from '../../core/contact/journal.ts';
import { checkPerson } from '../../core/routing/remit.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { readSchedule, type WrittenOpenDay } from '../../core/worktime/hours.ts';
import { findUserRow } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { addTimeOffRow, deleteTimeOffRow, findTimeOff, saveAvailabilityRow } from '../../db/routing/staff.ts';
import type { Doing } from '../actor.ts';
import { type App, announceQueue } from '../app.ts';
import { allowed, mustFind, notFound, refusalOf } from '../error.ts';
import { loadRemit } from './remit.ts';

/** The longest time off: longer is a mistake, or somebody who should be switched off. */
const LONGEST_OFF_MS = 3 * 366 * DAY_MS;

/** When a person works; `hours` null is always. */
interface WantedAvailability {
  readonly timezone: string;
  readonly hours: Readonly<Record<string, readonly string[]>> | null;
  readonly holidays: readonly string[];
  /** Dates whose hours are others than those of their weekday. */
  readonly open?: readonly WrittenOpenDay[];
  readonly paused: boolean;
  readonly pausedNote: string | null;
}

/** Sets a person's working time or pauses them; refused to people who may not change it. */
export async function changeAvailability(
  app: App,
  userId: string,
  wanted: WantedAvailability,
  by: Doing,
): Promise<void> {
  const { timezone, hours, holidays, open = [], paused, pausedNote } = wanted;
  await app.db.transaction(async sql => {
    await mustMayChange(sql, userId, by);
    const { problems } = readSchedule({ timezone, hours, holidays, open });
    if (problems !== null) throw refusalOf('invalid', problems);
    await saveAvailabilityRow(sql, {
      userId,
      timezone,
      hours: hours === null ? null : JSON.stringify(hours),
      holidays,
      open: JSON.stringify(open),
      pausedAt: paused ? by.now : null,
      pausedNote,
    });
    await record(sql, by, { user: userId, timezone, hours, holidays, open, paused, pausedNote });
  });
  announceQueue(app.hub);
}

/**
 * Takes a person out of routing from an instant to another (epoch ms) and returns the id of that time off. Refused to
 * people who may not change it, and when it is over already, ends before it starts or is too long.
 */
export async function bookTimeOff(
  app: App,
  userId: string,
  off: { readonly from: number; readonly to: number; readonly note: string | null },
  by: Doing,
): Promise<string> {
  const { from, to, note } = off;
  const id = app.newId();
  await app.db.transaction(async sql => {
    await mustMayChange(sql, userId, by);
    if (to <= from) refuse('to', 'expected it to end after it starts');
    if (to <= by.now) refuse('to', 'expected time off that is not over yet');
    if (to - from > LONGEST_OFF_MS) refuse('to', 'expected three years at most');
    await addTimeOffRow(sql, { id, userId, from, to, note, actor: by.actor, now: by.now });
    const timeOff = { id, from: formatInstant(from), to: formatInstant(to) };
    await record(sql, by, { user: userId, timeOff });
  });
  announceQueue(app.hub);
  return id;
}

/** Takes time off back; refused to people who may not change it. */
export async function cancelTimeOff(app: App, id: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const off = await mustFind({ kind: 'time off', id }, () => findTimeOff(sql, id));
    await mustMayChange(sql, off.user_id, by);
    await deleteTimeOffRow(sql, id);
    const timeOffTakenBack = { id, from: formatInstant(off.starts_at), to: formatInstant(off.ends_at) };
    await record(sql, by, { user: off.user_id, timeOffTakenBack });
  });
  announceQueue(app.hub);
}

async function mustMayChange(sql: Sql, userId: string, by: Doing): Promise<void> {
  const user = await findUserRow(sql, userId);
  if (user === null) throw notFound({ kind: 'user', id: userId });
  allowed(checkPerson(user, await loadRemit(sql, by)));
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
