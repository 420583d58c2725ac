import type { Hub } from '../app.ts';
import type { Sender } from './delivery.ts';

/** Makes the sender to the app: the alert is shown to its person at once, wherever they are signed in. */
export function makeAlertSender(hub: Hub): Sender {
  return async ({ recipient, alert }) => {
    if (alert === null || recipient.kind !== 'appUser')
      return { kind: 'refused', message: 'the alert is gone' };
    hub.publish(recipient.userId, { kind: 'alert', alert });
    return { kind: 'sent' };
  };
}
