import { tokenOfLink } from '../access/link.ts';
import type { App } from '../app.ts';
import type { Sender, Senders } from './delivery.ts';
import { makeAlertSender } from './inapp.ts';
import { makeLetterSender } from './letter.ts';
import { openMail } from './mail.ts';
import { makeSlackBot } from './slackbot.ts';
import { makeSlackSender } from './slackhook.ts';
import { openHooks, type Resolve } from './webhook.ts';

/** Where tests and benchmarks have the outside world. */
interface Outside {
  /** Slack's Web API in place of Slack's own address. */
  readonly slackUrl?: string;
  /** How names of webhooks become addresses, in place of the system's way. */
  readonly resolve?: Resolve;
}

/**
 * Opens a sender for every channel; one that is not set up refuses, so that a person sees why nothing came. `baseUrl`
 * is the public address of the app, for links. To be closed at the end.
 */
export function openSenders(
  app: App,
  baseUrl: string,
  outside: Outside = {},
): { readonly senders: Senders; readonly close: () => void } {
  const { SMTP_URL, SLACK_WEBHOOK_URL, SLACK_BOT_TOKEN } = app.settings;
  const mail =
    SMTP_URL === undefined
      ? null
      : openMail({
          smtpUrl: SMTP_URL,
          baseUrl,
          mailFrom: app.settings.MAIL_FROM,
          tokenOf: link => tokenOfLink({ sql: app.db, settings: app.settings }, link),
        });
  const hooks = openHooks({ clock: app.clock, resolve: outside.resolve ?? null });
  const hook =
    SLACK_WEBHOOK_URL === undefined
      ? refusing('no Slack webhook is set up (SLACK_WEBHOOK_URL)')
      : makeSlackSender({ webhookUrl: SLACK_WEBHOOK_URL, baseUrl, clock: app.clock });
  const bot =
    SLACK_BOT_TOKEN === undefined
      ? refusing('no Slack bot is set up (SLACK_BOT_TOKEN)')
      : makeSlackBot(app, { token: SLACK_BOT_TOKEN, baseUrl, apiUrl: outside.slackUrl ?? null });
  const alerts = mail?.send ?? refusing('no mail server is set up (SMTP_URL)');
  const letters = makeLetterSender(app, mail?.post ?? null, baseUrl);
  return {
    senders: {
      in_app: makeAlertSender(app.hub),
      email: (delivery, signal) => (delivery.isLetter ? letters : alerts)(delivery, signal),
      slack: (delivery, signal) =>
        (delivery.recipient.kind === 'slackWebhook' ? hook : bot)(delivery, signal),
      webhook: hooks.send,
    },
    close: () => {
      mail?.close();
      hooks.close();
    },
  };
}

function refusing(message: string): Sender {
  return async () => ({ kind: 'refused', message, isShared: true });
}
