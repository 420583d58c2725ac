import { lineOf, plainAlert, subjectOf } from '../../core/alert/message.ts';
import { ALERT_CHANNELS, type AlertChannel, type Preference } from '../../core/alert/preference.ts';
import { dailyAt } from '../../core/alert/quiet.ts';
import { unreachable } from '../../core/unreachable.ts';
import { addAlerts } from '../../db/alert/alert.ts';
import {
  hastenHeld,
  loadReaders,
  type ReaderRow,
  saveBooking,
  savePreference,
} from '../../db/alert/preference.ts';
import type { Sql } from '../../db/database.ts';
import { enqueueAll } from '../../db/delivery/outbox.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError } from '../error.ts';
import { readerOf, recipientOf } from './notify.ts';

/** When managers get the view of their team unless they say otherwise: before the day begins, in minutes. */
export const BULLETIN_AT = 8 * 60 + 30;

/** How a person wants to be told, all of it at once; times of day in minutes. */
interface WantedPreference extends Pick<Preference, 'quiet' | 'channels' | 'digest'> {
  /** Null: that of their working hours. */
  readonly timezone: string | null;
  /** Null: as by default. */
  readonly bulletin: { readonly every: 'off' | 'daily'; readonly at: number } | null;
  /** Where their calendar can be booked; undefined leaves it as it is. */
  readonly bookingUrl?: string | null | undefined;
}

/** Finds a person with how they want to be told; refuses an API key, whose id is null. */
export async function mustFindReader(sql: Sql, userId: string | null): Promise<ReaderRow> {
  const [row] = userId === null ? [] : await loadReaders(sql, [userId]);
  if (row === undefined)
    throw new AppError('conflict', 'An API key has no preferences; sign in as a person.');
  return row;
}

/** Saves how the doer wants to be told and returns it as stored. What is held for them leaves by the new hours. */
export function changePreference(app: App, wanted: WantedPreference, by: Doing): Promise<ReaderRow> {
  const { timezone, quiet, channels, digest, bulletin } = wanted;
  const { userId = null, now } = by;
  return app.db.transaction(async sql => {
    const reader = await mustFindReader(sql, userId);
    const zone = timezone ?? reader.work_zone ?? 'UTC';
    const minute = bulletin?.at ?? BULLETIN_AT;
    await savePreference(sql, {
      userId: reader.id,
      timezone,
      quiet,
      channels,
      digest: digest.every,
      digestAt: digest.at,
      bulletin: bulletin?.every ?? null,
      bulletinAt: minute,
      bulletinDueAt: bulletin?.every === 'off' ? null : dailyAt(zone, { now, minute }),
    });
    if (wanted.bookingUrl !== undefined) await saveBooking(sql, reader.id, wanted.bookingUrl);
    // A person who no longer wants a digest is not left waiting for the last one.
    if (digest.every === 'off' && quiet === null) await hastenHeld(sql, reader.id, now);
    return mustFindReader(sql, userId);
  });
}

/** Sends the doer a test message at once, by those of these ways that are set up; returns which they are, each with its delivery. */
export async function sendTestAlert(
  app: App,
  ways: readonly AlertChannel[],
  by: Doing,
): Promise<readonly { readonly channel: AlertChannel; readonly id: string }[]> {
  const { userId = null, now } = by;
  const sent = ALERT_CHANNELS.filter(way => ways.includes(way) && isSetUp(app, way)).map(channel => ({
    channel,
    id: app.newId(),
  }));
  await app.db.transaction(async sql => {
    const reader = readerOf(await mustFindReader(sql, userId));
    const alertId = app.newId();
    const label = 'Test message';
    const payload = {
      ...plainAlert({
        kind: 'bulletin',
        occasion: label,
        sentence: `This is how Baton reaches you, ${reader.name}. Nothing needs to be done.`,
        zone: reader.preference.zone,
      }),
      alertId,
    };
    const { kind, contactId, episodeId } = payload;
    const alert = { id: alertId, userId: reader.id, at: now, kind, label, text: lineOf(payload) };
    if (sent.some(({ channel }) => channel === 'in_app'))
      await addAlerts(sql, [{ ...alert, contactId, episodeId }]);
    await enqueueAll(
      sql,
      sent.map(({ channel, id }) => ({
        id,
        recipient: recipientOf(app, reader, channel) ?? { kind: 'slackWebhook' as const },
        subject: subjectOf(payload),
        payload,
        createdAt: now,
        nextAttemptAt: now,
      })),
    );
  });
  return sent;
}

/** Whether a way reaches people; the Slack webhook reaches them through its channel. */
export function isSetUp({ settings }: Pick<App, 'settings'>, way: AlertChannel): boolean {
  const { SMTP_URL, SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL } = settings;
  switch (way) {
    case 'in_app':
      return true;
    case 'email':
      return SMTP_URL !== undefined;
    case 'slack':
      return SLACK_BOT_TOKEN !== undefined || SLACK_WEBHOOK_URL !== undefined;
    default:
      return unreachable(way);
  }
}
