import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Preference, preferenceForm, QuietHoursForm } from '../../contract/api/preference.ts';
import { lineOf, plainAlert, subjectOf } from '../../core/alert/message.ts';
import { ALERT_CHANNELS, type AlertChannel, TOPICS } from '../../core/alert/preference.ts';
import { dailyAt, type QuietHours } from '../../core/alert/quiet.ts';
import { clockMinutes, clockWords, DAY_NAMES } from '../../core/time/clock.ts';
import { unreachable } from '../../core/unreachable.ts';
import { addAlerts } from '../../db/alert/alert.ts';
import {
  hastenHeld,
  loadReaders,
  type ReaderRow,
  savePreference as savePreferenceRow,
} from '../../db/alert/preference.ts';
import { enqueueAll } from '../../db/delivery/outbox.ts';
import { readerOf, recipientOf } from '../../loop/alert/notify.ts';
import { BULLETIN_AT } from '../../loop/alert/preference.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler, Request } from '../handler/handler.ts';

async function mustFindReader({ app, caller }: Request): Promise<ReaderRow> {
  const id = caller?.id ?? null;
  const [row] = id === null ? [] : await loadReaders(app.db, [id]);
  if (row === undefined)
    throw new AppError('conflict', 'An API key has no preferences; sign in as a person.');
  return row;
}

/** Tells how whoever is signed in wants to be told; what they never said is as by default. */
export const getPreference: Handler<'getPreference'> = async request => {
  return preferenceOf(request.app, await mustFindReader(request));
};

function preferenceOf(app: App, row: ReaderRow): Preference {
  const { preference } = readerOf(row);
  const { zone, quiet, channels, digest } = preference;
  const isManager = row.role === 'manager';
  return {
    timezone: zone,
    timezoneFrom: row.own_zone !== null ? 'own' : row.work_zone !== null ? 'availability' : 'default',
    quietHours: quiet === null ? null : quietForm(quiet),
    channels: {
      leads: [...channels.leads],
      signals: [...channels.signals],
      exceptions: [...channels.exceptions],
      team: [...channels.team],
    },
    digest: { every: digest.every, at: clockWords(digest.at) },
    bulletin: {
      every: isManager && row.bulletin !== 'off' ? 'daily' : 'off',
      at: clockWords(row.bulletin_at ?? BULLETIN_AT),
    },
    available: ALERT_CHANNELS.filter(way => isSetUp(app, way)),
    topics: [...TOPICS],
  };
}

function quietForm({ from, to, days }: QuietHours): QuietHoursForm {
  const named = days?.flatMap(day => DAY_NAMES[day] ?? []);
  return { from: clockWords(from), to: clockWords(to), ...(named === undefined ? {} : { days: named }) };
}

/** Saves how whoever is signed in wants to be told. What is held for them leaves by the new hours. */
export const savePreference: Handler<'savePreference'> = async (request, { body }) => {
  const { app, now } = request;
  const known = await mustFindReader(request);
  const bulletin = body.bulletin ?? null;
  const at = minutes(bulletin?.at ?? '08:30');
  const zone = body.timezone ?? known.work_zone ?? 'UTC';
  const row = await app.db.transaction(async sql => {
    await savePreferenceRow(sql, {
      userId: known.id,
      timezone: body.timezone,
      quiet: quietOf(body.quietHours),
      channels: body.channels,
      digest: body.digest.every,
      digestAt: minutes(body.digest.at),
      bulletin: bulletin?.every ?? null,
      bulletinAt: at,
      bulletinDueAt: bulletin?.every === 'off' ? null : dailyAt(zone, { now, minute: at }),
    });
    // Whoever wants no digest any more is not left waiting for the last one.
    if (body.digest.every === 'off' && body.quietHours === null) await hastenHeld(sql, known.id, now);
    const [saved] = await loadReaders(sql, [known.id]);
    return saved ?? known;
  });
  return preferenceOf(app, row);
};

function quietOf(form: z.output<typeof preferenceForm>['quietHours']): QuietHours | null {
  if (form === null) return null;
  const days = form.days?.map(name => DAY_NAMES.indexOf(name)).sort((a, b) => a - b) ?? null;
  return { from: minutes(form.from), to: minutes(form.to), days };
}

/** A time of day that the contract has read already. */
function minutes(clock: string): number {
  return clockMinutes(clock) ?? 0;
}

/** Sends whoever is signed in a test message at once, over the ways they name. */
export const testPreference: Handler<'testPreference'> = async (request, { body }) => {
  const { app, now } = request;
  const reader = readerOf(await mustFindReader(request));
  const ways = ALERT_CHANNELS.filter(way => body.channels.includes(way));
  const sent = ways.filter(way => isSetUp(app, way));
  const alertId = randomUUID();
  const payload = {
    ...plainAlert({
      kind: 'bulletin',
      occasion: 'Test message',
      sentence: `This is how Baton reaches you, ${reader.name}. Nothing needs to be done.`,
      zone: reader.preference.zone,
    }),
    alertId,
  };
  await app.db.transaction(async sql => {
    if (sent.includes('in_app')) {
      const text = lineOf(payload);
      const alert = {
        id: alertId,
        userId: reader.id,
        at: now,
        kind: payload.kind,
        label: 'Test message',
        text,
      };
      await addAlerts(sql, [{ ...alert, contactId: null, episodeId: null }]);
    }
    await enqueueAll(
      sql,
      sent.map(channel => ({
        id: randomUUID(),
        recipient: recipientOf(app, reader, channel) ?? { kind: 'slackWebhook' as const },
        subject: subjectOf(payload),
        payload,
        createdAt: now,
        nextAttemptAt: now,
      })),
    );
  });
  return {
    sent,
    missing: ways
      .filter(way => !sent.includes(way))
      .map(channel => ({ channel, because: missingWords(channel) })),
  };
};

/** Whether a way reaches people; the Slack webhook reaches them through its channel. */
function isSetUp(app: App, way: AlertChannel): boolean {
  const { SMTP_URL, SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL } = app.settings;
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

function missingWords(way: AlertChannel): string {
  return way === 'email'
    ? 'no mail server is set up (SMTP_URL)'
    : 'Slack is not set up (SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL)';
}
