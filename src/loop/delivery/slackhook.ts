import { IncomingWebhook, IncomingWebhookHTTPError, SlackWebhookError } from '@slack/webhook';
import { messageOf } from '../../core/alert/message.ts';
import { type Attempt, retryAfterMs } from '../../core/delivery/retry.ts';
import { slackOf } from '../../core/delivery/slack.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { Sender } from './delivery.ts';

/** Statuses that pass: the request took too long, or there were too many. */
const PASSING = new Set([408, 425, 429]);

/** Makes a sender to a Slack incoming webhook. The address is a secret and appears in no error. */
export function makeSlackSender(settings: {
  readonly webhookUrl: string;
  readonly baseUrl: string;
  readonly clock: () => number;
}): Sender {
  return async (delivery, signal) => {
    if (delivery.payload === null) return { kind: 'refused', message: 'a Slack webhook takes alerts only' };
    const { text, blocks } = slackOf(messageOf(delivery.payload, settings.baseUrl));
    let retryAfter: string | null = null;
    const webhook = new IncomingWebhook(settings.webhookUrl, {
      // The client gives neither the Retry-After header nor a way to stop it.
      fetch: async (url, init) => {
        const response = await fetch(url, { ...init, signal });
        retryAfter = response.headers.get('retry-after');
        return response;
      },
    });
    try {
      await webhook.send({ text, blocks: [...blocks], unfurl_links: false, unfurl_media: false });
      return { kind: 'sent', status: 200 };
    } catch (error) {
      if (!(error instanceof SlackWebhookError)) throw error;
      return attemptOf(error, retryAfterMs(retryAfter, settings.clock()));
    }
  };
}

function attemptOf(error: SlackWebhookError, askedMs: number | null): Attempt {
  if (!(error instanceof IncomingWebhookHTTPError)) {
    return { kind: 'failed', message: 'Slack could not be reached', retryAfterMs: null, isShared: true };
  }
  const { statusCode } = error;
  const message = oneLine(`Slack answered ${statusCode}: ${error.body}`, 300);
  return PASSING.has(statusCode) || statusCode >= 500
    ? { kind: 'failed', message, retryAfterMs: askedMs, status: statusCode }
    : { kind: 'refused', message, status: statusCode };
}
