import { z } from 'zod';
import { ALERT_CHANNELS, TOPICS } from '../../core/alert/preference.ts';
import { isBookingUrl } from '../../core/letter/envelope.ts';
import { clockMinutes, DAY_NAMES } from '../../core/time/clock.ts';
import { isZone } from '../../core/time/zone.ts';
import { SELF } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { id } from '../shapes.ts';

/** A time of day on the wall: `08:30`, on the wire as in the form. */
const GIVEN_CLOCK = 'expected a time of day from 00:00 to 23:59, such as 08:30';
const clock = z
  .string()
  .max(5, { error: GIVEN_CLOCK, abort: true })
  .refine(value => clockMinutes(value) !== null, GIVEN_CLOCK);

const way = z.enum(ALERT_CHANNELS);
const EACH_ONCE = 'expected each way once';
const ways = z
  .array(way)
  .max(ALERT_CHANNELS.length, { error: EACH_ONCE, abort: true })
  .refine(value => new Set(value).size === value.length, EACH_ONCE);
/** Whatever is one's own to do stands in the app: nothing of it can be lost in a mailbox. */
const dutyWays = ways.refine(
  value => value.includes('in_app'),
  'expected in_app among them: what is yours to do is always in the app',
);

const quietHours = z
  .strictObject({
    from: clock,
    to: clock,
    /** The days on which they begin; all without it. */
    days: z
      .array(z.enum(DAY_NAMES))
      .min(1, 'expected at least one day; without `days` they hold every day')
      .max(DAY_NAMES.length, 'expected each day once')
      .optional(),
  })
  .refine(({ from, to }) => clockMinutes(from) !== clockMinutes(to), {
    path: ['to'],
    message: 'expected another time than from: quiet hours can neither be empty nor last all day',
  });
export type QuietHoursForm = z.infer<typeof quietHours>;

const channels = z.strictObject({
  leads: dutyWays,
  signals: ways,
  exceptions: dutyWays,
  team: ways,
  reviews: ways.default(['in_app', 'email']),
});

/** The notification settings of a person. */
const preference = z.object({
  /** The zone of all times here and of deadlines in messages. */
  timezone: z.string(),
  /** Whether the person chose it, or it is that of their working hours, or nobody said. */
  timezoneFrom: z.enum(['own', 'availability', 'default']),
  quietHours: quietHours.nullable(),
  channels: z.object({
    leads: z.array(way),
    signals: z.array(way),
    exceptions: z.array(way),
    team: z.array(way),
    reviews: z.array(way),
  }),
  /** When early signals go out by mail and Slack; new leads always go out at once. */
  digest: z.object({ every: z.enum(['off', 'hourly', 'daily']), at: clock }),
  /** The daily view of one's team, for managers. */
  bulletin: z.object({ every: z.enum(['off', 'daily']), at: clock }),
  /** Where one's calendar can be booked, for letters in one's name. */
  bookingUrl: z.string().nullable(),
  /** The ways that are set up on this server. */
  available: z.array(way),
  topics: z.array(z.enum(TOPICS)),
});
export type Preference = z.infer<typeof preference>;

/** A preference as it is saved: all of it at once. */
export const preferenceForm = z.strictObject({
  /** Null: that of one's working hours, else UTC. */
  timezone: z
    .string()
    .max(100, 'expected at most 100 characters')
    .refine(isZone, 'expected an IANA time zone such as Europe/London')
    .nullable()
    .default(null),
  quietHours: quietHours.nullable().default(null),
  channels,
  digest: z.strictObject({ every: z.enum(['off', 'hourly', 'daily']), at: clock.default('09:00') }),
  bulletin: z.strictObject({ every: z.enum(['off', 'daily']), at: clock.default('08:30') }).optional(),
  /** Without it, it stays as it is. */
  bookingUrl: z
    .string()
    .trim()
    .max(500, 'expected at most 500 characters')
    .refine(isBookingUrl, 'expected an address that begins with https://')
    .nullable()
    .optional(),
});
export type PreferenceForm = z.input<typeof preferenceForm>;

/** The notification settings of the person signed in. */
export const preferences = {
  getPreference: endpoint({
    method: 'GET',
    path: '/api/preferences',
    summary: 'The notification settings of the person signed in: time zone, quiet hours, channels, digests',
    tag: 'alerts',
    access: SELF,
    output: preference,
    refusals: { 409: 'An API key has no preferences.' },
  }),
  savePreference: endpoint({
    method: 'PUT',
    path: '/api/preferences',
    summary: 'Set the notification settings of the person signed in, all at once',
    tag: 'alerts',
    access: SELF,
    body: preferenceForm,
    output: preference,
    refusals: { 409: 'An API key has no preferences.' },
  }),
  testPreference: endpoint({
    method: 'POST',
    path: '/api/preferences/test',
    summary: 'Send oneself a test message over these channels, whatever the preferences and the hour',
    tag: 'alerts',
    access: SELF,
    body: z.strictObject({ channels: ways.min(1, 'expected at least one way') }),
    output: z.object({
      /** The ways on which it is on its way. */
      sent: z.array(way),
      /** The messages, to ask what becomes of them. */
      deliveries: z.array(z.object({ channel: way, id })),
      /** The ways that are not set up, each with what would set it up. */
      missing: z.array(z.object({ channel: way, because: z.string() })),
    }),
    refusals: { 409: 'An API key has no preferences.' },
  }),
};
