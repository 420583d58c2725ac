import type { z } from 'zod';
import type { Preference, preferenceForm, QuietHoursForm } from '../../contract/api/preference.ts';
import { ALERT_CHANNELS, type AlertChannel, TOPICS } from '../../core/alert/preference.ts';
import type { QuietHours } from '../../core/alert/quiet.ts';
import { clockMinutes, clockWords, DAY_NAMES } from '../../core/time/clock.ts';
import type { ReaderRow } from '../../db/alert/preference.ts';
import { readerOf } from '../../loop/alert/notify.ts';
import {
  BULLETIN_AT,
  changePreference,
  isSetUp,
  mustFindReader,
  sendTestAlert,
} from '../../loop/alert/preference.ts';
import type { App } from '../../loop/app.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** Answers how the person who is signed in wants to be told; what they never said is as by default. */
export const getPreference: Handler<'getPreference'> = async ({ app, caller }) =>
  preferenceOf(app, await mustFindReader(app.db, caller?.id ?? null));

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
      reviews: [...channels.reviews],
    },
    digest: { every: digest.every, at: clockWords(digest.at) },
    bulletin: {
      every: isManager && row.bulletin !== 'off' ? 'daily' : 'off',
      at: clockWords(row.bulletin_at ?? BULLETIN_AT),
    },
    bookingUrl: row.booking_url,
    available: ALERT_CHANNELS.filter(way => isSetUp(app, way)),
    topics: [...TOPICS],
  };
}

function quietForm({ from, to, days }: QuietHours): QuietHoursForm {
  const named = days?.flatMap(day => DAY_NAMES[day] ?? []);
  return { from: clockWords(from), to: clockWords(to), ...(named === undefined ? {} : { days: named }) };
}

/** Saves how the person who is signed in wants to be told. What is held for them leaves by the new hours. */
export const savePreference: Handler<'savePreference'> = async (request, { body }) => {
  const { timezone, quietHours, channels, digest, bulletin = null, bookingUrl } = body;
  const wanted = {
    timezone,
    quiet: quietOf(quietHours),
    channels,
    digest: { every: digest.every, at: minutes(digest.at) },
    bulletin: bulletin === null ? null : { every: bulletin.every, at: minutes(bulletin.at) },
    bookingUrl,
  };
  return preferenceOf(
    request.app,
    await changePreference(request.app, wanted, doing(request, 'savePreference')),
  );
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

/** Sends the person who is signed in a test message at once, over the ways they name. */
export const testPreference: Handler<'testPreference'> = async (request, { body }) => {
  const deliveries = await sendTestAlert(request.app, body.channels, doing(request, 'testPreference'));
  const sent = deliveries.map(({ channel }) => channel);
  const missing = ALERT_CHANNELS.filter(way => body.channels.includes(way) && !sent.includes(way));
  return {
    sent,
    deliveries: [...deliveries],
    missing: missing.map(channel => ({ channel, because: missingWords(channel) })),
  };
};

function missingWords(way: AlertChannel): string {
  return way === 'email'
    ? 'no mail server is set up (SMTP_URL)'
    : 'Slack is not set up (SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL)';
}
