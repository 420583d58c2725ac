import {
  type AlertBody,
  type AlertPayload,
  type Channel,
  lineOf,
  subjectOf,
} from '../../core/alert/message.ts';
import {
  type AlertChannel,
  alertChannelsTo,
  type Preference,
  readPreference,
  topicOf,
} from '../../core/alert/preference.ts';
import { deliverAt, digestAt } from '../../core/alert/quiet.ts';
import { formatRecipient, type Recipient, type SlackTarget } from '../../core/delivery/recipient.ts';
import { unreachable } from '../../core/unreachable.ts';
import {
  addAlerts,
  type HeldMessage,
  holdMessages,
  loadLeadHeads,
  type NewAlert,
} from '../../db/alert/alert.ts';
import { loadAdminReaders, loadReaders, type ReaderRow } from '../../db/alert/preference.ts';
import type { Sql } from '../../db/database.ts';
import { type Effect, enqueueAll } from '../../db/delivery/outbox.ts';
import type { App } from '../app.ts';

/** Something to tell people. `at` is epoch ms. */
export interface Notice {
  readonly payload: AlertBody;
  /** User ids; those who are switched off are passed over, and if nobody is left admins are told. */
  readonly to: readonly string[];
  readonly at: number;
  /** What it is in a few words, as the list in the app shows it. */
  readonly label: string;
  /** The ways that it may take; all that are set up without it. */
  readonly via?: readonly Channel[];
  /** Whether it may break into quiet hours. */
  readonly isUrgent?: boolean;
  /** Places in Slack to tell as well. */
  readonly places?: readonly SlackTarget[];
  /** Mail addresses of people who do not work here, to tell as well where mail is set up. */
  readonly addresses?: readonly string[];
}

/** A person to be told. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly preference: Preference;
}

/** What leaves at once, what is held back, and what the app lists. */
interface Promises {
  readonly alerts: NewAlert[];
  readonly effects: Effect[];
  readonly held: HeldMessage[];
}

/**
 * Promises messages in the caller's transaction: in the app at once; by mail and Slack as each person prefers, where these
 * are set up, after their quiet hours unless it cannot wait.
 */
export async function notify(sql: Sql, app: App, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const ids = [...new Set(notices.flatMap(({ to }) => to))].sort();
  const [rows, told] = await Promise.all([
    ids.length === 0 ? [] : loadReaders(sql, ids),
    withLeads(sql, notices),
  ]);
  const readers = new Map(rows.map(row => [row.id, readerOf(row)]));
  const known = (notice: Notice) => [...new Set(notice.to)].flatMap(id => readers.get(id) ?? []);
  const isLost = (notice: Notice) => notice.to.length > 0 && known(notice).length === 0;
  const admins = notices.some(isLost) ? (await loadAdminReaders(sql)).map(readerOf) : [];
  const promises: Promises = { alerts: [], effects: [], held: [] };
  for (const notice of told)
    promiseOne(app, notice, { readers: isLost(notice) ? admins : known(notice), promises });
  await Promise.all([
    addAlerts(sql, promises.alerts),
    holdMessages(sql, promises.held),
    promises.effects.length === 0 ? [] : enqueueAll(sql, promises.effects),
  ]);
}

/** Returns the notices with the lead they are about, where only the contact was named. */
async function withLeads(sql: Sql, notices: readonly Notice[]): Promise<readonly Notice[]> {
  const nameless = notices.flatMap(({ payload: { lead, contactId } }) =>
    lead === null && contactId !== null ? [contactId] : [],
  );
  if (nameless.length === 0) return notices;
  const heads = new Map((await loadLeadHeads(sql, [...new Set(nameless)])).map(row => [row.id, row]));
  return notices.map(notice => {
    const { payload } = notice;
    const head = payload.contactId === null ? undefined : heads.get(payload.contactId);
    if (payload.lead !== null || head === undefined) return notice;
    const { name, title, company_name: company, email } = head;
    return { ...notice, payload: { ...payload, lead: { name, title, company, email } } };
  });
}

/** A person's row as notices need it. */
export function readerOf(row: ReaderRow): Reader {
  const { id, name, email, own_zone, work_zone, quiet, channels, digest, digest_at: at } = row;
  const stored = { zone: own_zone ?? work_zone, quiet, channels, digest, digestAt: at };
  return { id, name, email, preference: readPreference(stored) };
}

function promiseOne(
  app: App,
  notice: Notice,
  { readers, promises }: { readonly readers: readonly Reader[]; readonly promises: Promises },
): void {
  for (const reader of readers) {
    const alertId = app.newId();
    const payload = { ...notice.payload, zone: reader.preference.zone, alertId };
    for (const way of alertChannelsTo(reader.preference.channels, {
      kind: payload.kind,
      via: notice.via ?? null,
    })) {
      if (way === 'in_app') promises.alerts.push(alertOf(notice, reader, alertId));
      const recipient = recipientOf(app, reader, way);
      if (recipient === null) continue;
      const dueAt = way === 'in_app' ? notice.at : timeFor(notice, reader);
      if (way === 'in_app' || dueAt <= notice.at)
        promises.effects.push(effectOf(notice, { id: app.newId(), recipient, payload }));
      else
        promises.held.push(
          heldOf(notice, { id: app.newId(), userId: reader.id, channel: way, dueAt, payload }),
        );
    }
  }
  const [first] = readers;
  const payload = {
    ...notice.payload,
    alertId: null,
    ...(first === undefined ? {} : { zone: first.preference.zone }),
  };
  for (const recipient of [...addressesOf(app, notice), ...placesOf(app, notice)])
    promises.effects.push(effectOf(notice, { id: app.newId(), recipient, payload }));
}

/** When a message to a person by mail or Slack may leave; epoch ms. */
function timeFor({ payload, at: now, isUrgent = false }: Notice, { preference }: Reader): number {
  const { zone, quiet, digest } = preference;
  const isGathered = topicOf(payload.kind) === 'signals' && !isUrgent;
  const gathered = isGathered ? digestAt(digest, { zone, quiet, now }) : null;
  return gathered ?? deliverAt(preference, { now, isUrgent, dueAt: payload.dueAt });
}

/** Where a person is reached on a way; null where the way is not set up. */
export function recipientOf(
  app: App,
  reader: { readonly id: string; readonly email: string },
  way: AlertChannel,
): Recipient | null {
  const { SMTP_URL, SLACK_BOT_TOKEN } = app.settings;
  switch (way) {
    case 'in_app':
      return { kind: 'appUser', userId: reader.id };
    case 'email':
      return SMTP_URL === undefined ? null : { kind: 'address', address: reader.email };
    case 'slack':
      return SLACK_BOT_TOKEN === undefined ? null : { kind: 'slackUser', userId: reader.id };
    default:
      return unreachable(way);
  }
}

function addressesOf({ settings }: App, { addresses = [] }: Notice): readonly Recipient[] {
  if (settings.SMTP_URL === undefined) return [];
  return addresses.map(address => ({ kind: 'address', address }));
}

/**
 * The places in Slack that a notice goes to. A webhook alone reaches one channel and no person, so whatever is about a lead
 * is shown there; with a bot people are told themselves.
 */
function placesOf(app: App, { places: wanted = [], via, payload }: Notice): readonly SlackTarget[] {
  const { SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL } = app.settings;
  if (via !== undefined && !via.includes('slack')) return [];
  const places = new Map<string, SlackTarget>();
  const add = (place: SlackTarget) => places.set(formatRecipient(place), place);
  for (const place of wanted) {
    if (place.kind === 'slackChannel' && SLACK_BOT_TOKEN !== undefined) add(place);
    else if (SLACK_WEBHOOK_URL !== undefined) add({ kind: 'slackWebhook' });
  }
  const isPersonal = payload.kind === 'bulletin';
  if (SLACK_BOT_TOKEN === undefined && SLACK_WEBHOOK_URL !== undefined && !isPersonal)
    add({ kind: 'slackWebhook' });
  return [...places.values()];
}

function alertOf({ payload, at, label }: Notice, reader: Reader, id: string): NewAlert {
  const { kind, contactId, episodeId } = payload;
  const text = lineOf({ ...payload, zone: reader.preference.zone, alertId: null });
  return { id, userId: reader.id, at, kind, label, text, contactId, episodeId };
}

function effectOf(
  { at }: Notice,
  to: { readonly id: string; readonly recipient: Recipient; readonly payload: AlertPayload },
): Effect {
  return { ...to, subject: subjectOf(to.payload), createdAt: at, nextAttemptAt: at };
}

function heldOf(
  { at, label }: Notice,
  to: {
    readonly id: string;
    readonly userId: string;
    readonly channel: 'email' | 'slack';
    readonly dueAt: number;
    readonly payload: AlertPayload;
  },
): HeldMessage {
  const { id, userId, channel, dueAt, payload } = to;
  return { id, userId, channel, dueAt, createdAt: at, label, payload };
}
