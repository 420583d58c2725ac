import { makeAlertSender } from './alert.ts';
import type { App } from './app.ts';
import type { Sender, Senders } from './delivery.ts';
import { openMail } from './mail.ts';
import { makeSlackSender } from './slack.ts';

/**
 * Opens a sender for every channel; one that is not set up refuses, so that a person sees why nothing came. `baseUrl`
 * is the public address of the app, for links. To be closed at the end.
 */
export function openSenders(
  app: App,
  baseUrl: string,
): { readonly senders: Senders; readonly close: () => void } {
  const { SMTP_URL, SLACK_WEBHOOK_URL } = app.settings;
  const mail = SMTP_URL === undefined ? null : openMail({ smtpUrl: SMTP_URL, baseUrl });
  return {
    senders: {
      in_app: makeAlertSender(app.hub),
      email: mail?.send ?? refusing('no mail server is set up (SMTP_URL)'),
      slack:
        SLACK_WEBHOOK_URL === undefined
          ? refusing('no Slack webhook is set up (SLACK_WEBHOOK_URL)')
          : makeSlackSender({ webhookUrl: SLACK_WEBHOOK_URL, baseUrl, clock: app.clock }),
      webhook: refusing('webhooks cannot be sent yet'),
    },
    close: () => mail?.close(),
  };
}

function refusing(message: string): Sender {
  return async () => ({ kind: 'refused', message });
}
