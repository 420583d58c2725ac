import {
  type AlertPayload,
  alertPayload,
  lineOf,
  MAX_ITEMS,
  plainAlert,
  subjectOf,
} from '../../core/alert/message.ts';
import { dailyAt } from '../../core/alert/quiet.ts';
import { groupBy } from '../../core/contact/group.ts';
import { counted, listed } from '../../core/text/number.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { dayIn } from '../../core/time/zone.ts';
import { findHeldReaders, lockReaders, takeHeld } from '../../db/alert/alert.ts';
import { findDueBulletins, loadTeamView, saveBulletinTime } from '../../db/alert/bulletin.ts';
import { loadReaders } from '../../db/alert/preference.ts';
import type { Sql } from '../../db/database.ts';
import { enqueueAll } from '../../db/delivery/outbox.ts';
import { loadLedPeople } from '../../db/routing/team.ts';
import type { App } from '../app.ts';
import { sweepBatch } from '../sweep.ts';
import { type Notice, notify, type Reader, readerOf, recipientOf } from './notify.ts';
import { BULLETIN_AT } from './preference.ts';

/** Of how many held messages one round finds the readers. */
const HELD_BATCH = 500;

/**
 * Sends what gathered for people in their quiet hours or for their digest: one message on each channel. Returns for how
 * many people; while it is not 0 there may be more.
 */
export async function sweepGathered(app: App, now: number): Promise<number> {
  const batch = {
    name: 'gathered messages',
    isOfContacts: false,
    find: (but: readonly string[]) => findHeldReaders(app.db, { now, limit: HELD_BATCH, but }),
    work: (sql: Sql, ids: readonly string[]) => sendGathered(sql, app, ids, now),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function sendGathered(sql: Sql, app: App, userIds: readonly string[], now: number): Promise<number> {
  const locked = await lockReaders(sql, userIds);
  if (locked.length === 0) return 0;
  const readers = new Map((await loadReaders(sql, locked)).map(row => [row.id, readerOf(row)]));
  const taken = groupBy(await takeHeld(sql, locked, now), row => `${row.user_id} ${row.channel}`);
  const effects = [...taken.values()].flatMap(rows => {
    const [first] = rows;
    const reader = first === undefined ? undefined : readers.get(first.user_id);
    const channel = first?.channel === 'slack' ? ('slack' as const) : ('email' as const);
    const recipient = reader === undefined ? null : recipientOf(app, reader, channel);
    // Somebody was switched off meanwhile, or a way out was: the app has had the alerts all along.
    if (reader === undefined || recipient === null) return [];
    const payload = gatheredOf(rows, reader);
    const subject = subjectOf(payload);
    return [{ id: app.newId(), recipient, subject, payload, createdAt: now, nextAttemptAt: now }];
  });
  await enqueueAll(sql, effects);
  return locked.length;
}

type HeldRow = Awaited<ReturnType<typeof takeHeld>>[number];

/** One message that tells several; a single one stays as it was. */
function gatheredOf(rows: readonly HeldRow[], reader: Reader): AlertPayload {
  const { zone } = reader.preference;
  const told = rows.flatMap(({ payload, created_at: at, label }) => {
    const read = alertPayload.safeParse(payload).data;
    return read === undefined ? [] : [{ at, label, payload: { ...read, zone } }];
  });
  const [only, second] = told;
  if (only !== undefined && second === undefined) return only.payload;
  const isSignals = told.every(({ payload }) => payload.kind === 'early');
  return {
    ...plainAlert({
      kind: 'bulletin',
      occasion: `${isSignals ? 'Early signals' : 'While you were away'}: ${counted(told.length, 'message')}`,
      sentence: `${kindsOf(told.map(({ payload }) => payload))}.`,
      zone,
      items: fewItems(
        told.map(({ at, label, payload }) => ({
          title: payload.lead === null ? label : `${payload.occasion ?? label}: ${subjectName(payload)}`,
          text: lineOf(payload),
          contactId: payload.contactId,
          at,
        })),
      ),
    }),
    alertId: null,
  };
}

type Items = NonNullable<AlertPayload['items']>;

/** As many messages as one can take in; how many more there are is the last of them. */
function fewItems(items: Items): Items {
  if (items.length <= MAX_ITEMS) return items;
  const told = items.slice(0, MAX_ITEMS - 1);
  const title = `And ${items.length - told.length} more`;
  return [...told, { title, text: 'They are in the app.', contactId: null, at: null }];
}

function subjectName({ lead }: AlertPayload): string {
  const name = lead?.name.trim() ?? '';
  return name === '' ? 'Somebody without a name' : name;
}

function kindsOf(payloads: readonly AlertPayload[]): string {
  const count = (kinds: readonly AlertPayload['kind'][]) =>
    payloads.filter(({ kind }) => kinds.includes(kind)).length;
  const leads = count(['handoff', 'reassigned', 'waiting', 'flag']);
  const signals = count(['early']);
  const others = payloads.length - leads - signals;
  const parts = [
    ...(leads === 0 ? [] : [counted(leads, 'message about leads', 'messages about leads')]),
    ...(signals === 0 ? [] : [counted(signals, 'early signal')]),
    ...(others === 0 ? [] : [counted(others, 'other')]),
  ];
  return listed(parts, 'and');
}

/** How many managers one round tells. */
const BULLETIN_BATCH = 20;

/** Sends managers the daily view of their team when it is due; returns how many were looked at. */
export async function sweepBulletins(app: App, now: number): Promise<number> {
  const batch = {
    name: 'bulletins',
    isOfContacts: false,
    find: (but: readonly string[]) => findDueBulletins(app.db, { now, limit: BULLETIN_BATCH, but }),
    work: async (sql: Sql, ids: readonly string[]) => {
      for (const userId of ids) await tellManager(sql, app, { userId, now });
      return ids.length;
    },
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function tellManager(
  sql: Sql,
  app: App,
  { userId, now }: { readonly userId: string; readonly now: number },
): Promise<void> {
  const [row] = await loadReaders(sql, [userId]);
  if (row === undefined) return;
  const reader = readerOf(row);
  const dueAt = dailyAt(reader.preference.zone, { now, minute: row.bulletin_at ?? BULLETIN_AT });
  const before = await saveBulletinTime(sql, { userId, dueAt, now });
  const wasDueAt = before?.was_due_at ?? null;
  if (wasDueAt === null || wasDueAt > now) return;
  const since = before?.told_at ?? wasDueAt - DAY_MS;
  const people = await loadLedPeople(sql, userId);
  const rows = await loadTeamView(sql, { userIds: [...new Set([...people, userId])], since, now });
  const busy = rows.filter(view => view.fresh + view.open + view.waiting > 0);
  if (busy.length > 0)
    await notify(sql, app, [bulletinOf(busy, { userId, now, zone: reader.preference.zone })]);
}

type TeamViewRow = Awaited<ReturnType<typeof loadTeamView>>[number];

function bulletinOf(
  rows: readonly TeamViewRow[],
  { userId, now, zone }: { readonly userId: string; readonly now: number; readonly zone: string },
): Notice {
  const sum = (of: (row: TeamViewRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const total = [
    counted(
      sum(row => row.fresh),
      'new lead',
    ),
    `${sum(row => row.open)} open`,
    `${sum(row => row.overdue)} overdue`,
    `${counted(
      sum(row => row.waiting),
      'exception',
    )} waiting`,
  ];
  return {
    to: [userId],
    at: now,
    label: 'Your team',
    payload: plainAlert({
      kind: 'bulletin',
      occasion: `Your team on ${dayIn(zone, now)} (${total[2]})`,
      sentence: `${listed(total, 'and')}.`,
      items: rows.map(row => ({
        title: row.name,
        text: `${counted(row.fresh, 'new lead')}, ${row.open} open, ${row.overdue} overdue, ${counted(row.waiting, 'exception')} waiting`,
        contactId: null,
        at: null,
      })),
    }),
  };
}
