import {
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
} from '@slack/web-api';
import { messageOf } from '../../core/alert/message.ts';
import { formatRecipient } from '../../core/delivery/recipient.ts';
import { type Attempt, retryAfterMs } from '../../core/delivery/retry.ts';
import { slackOf } from '../../core/delivery/slack.ts';
import { oneLine } from '../../core/text/safe.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { forgetSlackThread, saveSlackPerson, saveSlackThread } from '../../db/delivery/slack.ts';
import type { App } from '../app.ts';
import type { Delivery, Sender, SlackPlace } from './delivery.ts';

/** For how long it is believed who somebody is in Slack, and for how long that nobody there has an address, in ms. */
const KNOWN_MS = 7 * DAY_MS;
const UNKNOWN_MS = 3_600_000;
/** How many threads a node remembers, for messages of one episode that are sent in a row. */
const MAX_THREADS = 2000;

/** Errors that speak of the bot and not of the message: nothing will pass until somebody mends its settings. */
const BOT_ERRORS = new Set([
  'account_inactive',
  'access_denied',
  'ekm_access_denied',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'token_expired',
  'token_revoked',
]);
/** Errors that pass. */
const PASSING_ERRORS = new Set([
  'fatal_error',
  'internal_error',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
/** What Slack says when the message that a thread hangs on was deleted. */
const THREAD_ERRORS = new Set(['thread_not_found', 'message_not_found']);
/** Kinds that call for somebody: they show in the channel as well, not only in the thread. */
const LOUD = new Set<string>(['waiting', 'exception', 'breach', 'reassigned']);

/** The library's log would hold what leads have typed. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/**
 * Makes a sender to Slack by a bot: to people by their e-mail address, and to channels by name or id. Messages about one
 * episode form a thread in each place. `apiUrl` stands in for Slack's own address.
 */
export function makeSlackBot(
  app: App,
  settings: { readonly token: string; readonly baseUrl: string; readonly apiUrl: string | null },
): Sender {
  const { token, baseUrl, apiUrl } = settings;
  const threads = new Map<string, string>();
  return async (delivery, signal) => {
    const { payload, slack } = delivery;
    if (payload === null || slack === null)
      return { kind: 'refused', message: 'a Slack bot takes alerts only' };
    let retryAfter: string | null = null;
    const client = new WebClient(token, {
      logger: SILENT,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      fetch: async (url, init) => {
        const response = await fetch(url, { ...init, signal });
        retryAfter = response.headers.get('retry-after');
        return response;
      },
      ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    });
    const context: Context = { app, client, delivery, place: slack, threads };
    try {
      const channel = await channelOf(context);
      if (channel === null)
        return {
          kind: 'refused',
          message: `nobody in Slack has the address ${slack.person?.email ?? 'that is gone'}`,
        };
      const { text, blocks } = slackOf(messageOf(payload, baseUrl));
      const thread = threadOf(context);
      const posted = await client.chat.postMessage({
        channel,
        text,
        blocks: blocks.map(block => ({ ...block })),
        unfurl_links: false,
        unfurl_media: false,
        ...(thread === null ? {} : inThread(thread, LOUD.has(payload.kind))),
      });
      if (thread === null) await rememberThread(context, posted);
      return { kind: 'sent', status: 200 };
    } catch (error) {
      if (isThreadGone(error) && threadOf(context) !== null) await forgetThread(context);
      return attemptOf(error, retryAfterMs(retryAfter, app.clock()));
    }
  };

  function threadOf({ delivery, place }: Context): string | null {
    if (place.episodeId === null) return null;
    return place.thread?.ts ?? threads.get(keyOf(delivery, place)) ?? null;
  }

  async function rememberThread(
    { delivery, place }: Context,
    posted: { readonly ts?: string; readonly channel?: string },
  ): Promise<void> {
    const { episodeId } = place;
    if (episodeId === null || posted.ts === undefined) return;
    threads.set(keyOf(delivery, place), posted.ts);
    for (const oldest of threads.keys()) {
      if (threads.size <= MAX_THREADS) break;
      threads.delete(oldest);
    }
    const { recipient } = delivery;
    const thread = { episodeId, recipient, ts: posted.ts, channel: posted.channel ?? '', now: app.clock() };
    // The message is out: not to know its thread later must not send it twice.
    await saveSlackThread(app.db, thread).catch((error: unknown) => {
      app.log.warn({ err: error }, 'the thread of a Slack message could not be kept');
    });
  }

  async function forgetThread({ delivery, place }: Context): Promise<void> {
    threads.delete(keyOf(delivery, place));
    if (place.episodeId !== null)
      await forgetSlackThread(app.db, { episodeId: place.episodeId, recipient: delivery.recipient });
  }
}

function inThread(ts: string, isLoud: boolean) {
  return isLoud ? ({ thread_ts: ts, reply_broadcast: true } as const) : { thread_ts: ts };
}

interface Context {
  readonly app: App;
  readonly client: WebClient;
  readonly delivery: Delivery;
  readonly place: SlackPlace;
  readonly threads: Map<string, string>;
}

function keyOf({ recipient }: Delivery, { episodeId }: SlackPlace): string {
  return `${episodeId} ${formatRecipient(recipient)}`;
}

/** The channel to post to; for a person who they are in Slack, looked up once in a while; null for nobody. */
async function channelOf({ app, client, delivery, place }: Context): Promise<string | null> {
  const { recipient } = delivery;
  if (recipient.kind !== 'slackUser') return recipient.kind === 'slackChannel' ? recipient.name : null;
  const { person } = place;
  if (person === null) return null;
  const now = app.clock();
  const { userId, email, slackId, lookedUpAt } = person;
  const age = lookedUpAt === null ? null : now - lookedUpAt;
  if (age !== null && age < (slackId === null ? UNKNOWN_MS : KNOWN_MS)) return slackId;
  const found = await findPerson(client, email);
  await saveSlackPerson(app.db, { userId, email, slackId: found, now });
  return found;
}

async function findPerson(client: WebClient, email: string): Promise<string | null> {
  try {
    const { user } = await client.users.lookupByEmail({ email });
    return user?.id ?? null;
  } catch (error) {
    if (error instanceof WebAPIPlatformError && error.data.error === 'users_not_found') return null;
    throw error;
  }
}

function isThreadGone(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && THREAD_ERRORS.has(error.data.error);
}

/** What an error of the Slack client means. The bot's limits hold for all it sends, so a 429 makes all of it wait. */
function attemptOf(error: unknown, askedMs: number | null): Attempt {
  if (error instanceof WebAPIRateLimitedError) {
    const asked = Math.max(askedMs ?? 0, error.retryAfter * 1000);
    const message = 'Slack asks to wait (429)';
    return { kind: 'failed', message, retryAfterMs: asked, isShared: true, status: 429 };
  }
  if (error instanceof WebAPIPlatformError) {
    const reason = oneLine(error.data.error, 100);
    const message = `Slack answered: ${reason}`;
    if (PASSING_ERRORS.has(reason) || THREAD_ERRORS.has(reason))
      return {
        kind: 'failed',
        message,
        retryAfterMs: askedMs,
        isShared: PASSING_ERRORS.has(reason),
        status: 200,
      };
    return { kind: 'refused', message, isShared: BOT_ERRORS.has(reason), status: 200 };
  }
  if (error instanceof WebAPIHTTPError) {
    const message = `Slack answered ${error.statusCode}`;
    return { kind: 'failed', message, retryAfterMs: askedMs, isShared: true, status: error.statusCode };
  }
  return { kind: 'failed', message: 'Slack could not be reached', retryAfterMs: askedMs, isShared: true };
}
