import type { Alert } from '../contract/shapes.ts';
import type { Attempt } from '../core/delivery.ts';
import type { AlertPayload, Channel } from '../core/message.ts';
import { makeAlertSender } from './alert.ts';
import type { App } from './app.ts';
import { openMail } from './mail.ts';
import { makeSlackSender } from './slack.ts';

/** A message to send. Its id stays the same over all attempts. Times in epoch ms. */
export interface Delivery {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly payload: AlertPayload;
  readonly createdAt: number;
  /** The alert that the app shows; null for other channels, and when it is gone. */
  readonly alert: Alert | null;
}

/** Makes one attempt to send and says what became of it; stops when `signal` aborts. */
export type Sender = (delivery: Delivery, signal: AbortSignal) => Promise<Attempt>;

export type Senders = Readonly<Record<Channel, Sender>>;

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
