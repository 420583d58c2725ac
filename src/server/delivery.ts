import type { Alert } from '../contract/shapes.ts';
import type { Attempt } from '../core/delivery.ts';
import type { AlertPayload, Channel } from '../core/message.ts';

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
