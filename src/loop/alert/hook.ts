import type { HookType } from '../../core/delivery/webhook.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { promiseHooks } from '../../db/delivery/webhook.ts';
import type { App } from '../app.ts';

/** Something that happened to a lead; `at` in epoch ms, `data` plain values that other people's software can use. */
export interface Fact {
  readonly type: HookType;
  readonly at: number;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Tells the webhooks that ask for it what happened: promises in the caller's transaction, sent after it. One statement,
 * whatever the number of facts; nothing at all without facts.
 */
export async function emit(sql: Sql, _app: App, facts: readonly Fact[]): Promise<void> {
  await promiseHooks(
    sql,
    facts.map(({ type, at, contactId, episodeId, data }) => ({
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

/** Tells the webhooks that ask for it which exceptions were closed, by whom and how; `at` in epoch ms. */
export async function emitClosed(
  sql: Sql,
  app: App,
  closed: readonly {
    readonly id: string;
    readonly kind: string;
    readonly contact_id: string | null;
    readonly episode_id: string | null;
  }[],
  { by, at, resolution }: { readonly by: string; readonly at: number; readonly resolution: string },
): Promise<void> {
  await emit(
    sql,
    app,
    closed.map(({ id, kind, contact_id: contactId, episode_id: episodeId }) => ({
      type: 'exception.closed',
      at,
      contactId,
      episodeId,
      data: { exceptionId: id, kind, by, resolution },
    })),
  );
}
