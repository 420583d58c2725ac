import type { HookType } from '../../core/delivery/webhook.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { promiseHooks } from '../../db/delivery/webhook.ts';

/** Something that happened to a lead; `at` in epoch ms, `data` plain values that other people's software can use. */
export interface HookEvent {
  readonly type: HookType;
  readonly at: number;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Tells the webhooks that ask for it what happened: promises in the caller's transaction, sent after it. One statement,
 * whatever the number of events; nothing at all without events.
 */
export async function promiseEvents(sql: Sql, events: readonly HookEvent[]): Promise<void> {
  await promiseHooks(
    sql,
    events.map(({ type, at, contactId, episodeId, data }) => ({
      type,
      at,
      contactId,
      episodeId,
      payload: {
        type,
        timestamp: formatInstant(at),
        data: { ...data, contactId, episodeId },
      },
    })),
  );
}

/**
 * Notifies the webhooks that ask for it which exceptions were closed, how, and who closed them; `at` in epoch
 * ms.
 */
export async function promiseClosed(
  sql: Sql,
  closed: readonly {
    readonly id: string;
    readonly kind: string;
    readonly contact_id: string | null;
    readonly episode_id: string | null;
  }[],
  { by, at, resolution }: { readonly by: string; readonly at: number; readonly resolution: string },
): Promise<void> {
  await promiseEvents(
    sql,
    closed.map(({ id, kind, contact_id: contactId, episode_id: episodeId }) => ({
      type: 'exception.closed',
      at,
      contactId,
      episodeId,
      data: { exceptionId: id, kind, by, resolution },
    })),
  );
}
