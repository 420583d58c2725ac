import { z } from 'zod';
import { unreachable } from '../unreachable.ts';
import type { AlertKind, Channel } from './message.ts';
import type { Digest, QuietHours } from './quiet.ts';

/** What people choose ways for: leads of theirs, early signals, what waits for them, what managers are told, and reviews. */
export const TOPICS = ['leads', 'signals', 'exceptions', 'team', 'reviews'] as const;
export type Topic = (typeof TOPICS)[number];

/** The ways to a person. */
export const ALERT_CHANNELS = ['in_app', 'email', 'slack'] as const;
export type AlertChannel = (typeof ALERT_CHANNELS)[number];

/** How somebody wants to be told. */
export interface Preference {
  /** An IANA name. */
  readonly zone: string;
  readonly quiet: QuietHours | null;
  readonly channels: Readonly<Record<Topic, readonly AlertChannel[]>>;
  /** How early signals by mail and Slack are gathered; new leads never are. */
  readonly digest: Digest;
}

/** Every way for whatever is one's own to do; the daily view of a team by mail; reviews in the app and by mail. */
const DEFAULT_CHANNELS: Preference['channels'] = {
  leads: ALERT_CHANNELS,
  signals: ALERT_CHANNELS,
  exceptions: ALERT_CHANNELS,
  team: ['email'],
  reviews: ['in_app', 'email'],
};

/** The topic that people choose the ways of an alert by. @example topicOf('early') // 'signals' */
export function topicOf(kind: AlertKind): Topic {
  switch (kind) {
    case 'handoff':
    case 'waiting':
    case 'reassigned':
    case 'flag':
    case 'clock':
      return 'leads';
    case 'early':
      return 'signals';
    case 'exception':
    case 'breach':
    case 'rejected':
      return 'exceptions';
    case 'bulletin':
      return 'team';
    case 'review':
      return 'reviews';
    default:
      return unreachable(kind);
  }
}

/**
 * The ways by which somebody is told: those that the alert allows and the person wants. What is theirs to do is in the app
 * in any case.
 *
 * @example alertChannelsTo({ leads: ['email'], signals: [], exceptions: [], team: [], reviews: [] }, { kind: 'handoff', via: null }) // ['in_app', 'email']
 */
export function alertChannelsTo(
  channels: Preference['channels'],
  alert: { readonly kind: AlertKind; readonly via: readonly Channel[] | null },
): readonly AlertChannel[] {
  const topic = topicOf(alert.kind);
  const wanted = channels[topic];
  const isDuty = topic === 'leads' || topic === 'exceptions';
  return ALERT_CHANNELS.filter(way => {
    if (way === 'in_app' && isDuty) return true;
    return wanted.includes(way) && (alert.via === null || alert.via.includes(way));
  });
}

const minute = z.int().min(0).max(1439);
const storedQuiet = z.object({ from: minute, to: minute, days: z.array(z.int().min(0).max(6)).nullable() });
const way = z.enum(ALERT_CHANNELS);
const storedChannels = z.object({
  leads: z.array(way),
  signals: z.array(way),
  exceptions: z.array(way),
  team: z.array(way),
  // Those who chose before there were reviews get them as by default.
  reviews: z.array(way).default([...DEFAULT_CHANNELS.reviews]),
});
const storedEvery = z.enum(['off', 'hourly', 'daily']);

/** Reads a stored preference; what was never said, or cannot be read, is as by default. */
export function readPreference(stored: {
  readonly zone: string | null;
  readonly quiet: unknown;
  readonly channels: unknown;
  readonly digest: string | null;
  readonly digestAt: number | null;
}): Preference {
  return {
    zone: stored.zone ?? 'UTC',
    quiet: storedQuiet.safeParse(stored.quiet).data ?? null,
    channels: storedChannels.safeParse(stored.channels).data ?? DEFAULT_CHANNELS,
    digest: { every: storedEvery.safeParse(stored.digest).data ?? 'off', at: stored.digestAt ?? 540 },
  };
}
