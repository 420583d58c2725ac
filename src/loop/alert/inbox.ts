import { isUuid } from '../../core/text/uuid.ts';
import { markRead } from '../../db/alert/alert.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';

/** Marks alerts of the doer as read, all of them for null; ids of nothing, or of others' alerts, are passed over. */
export async function readAlerts(app: App, ids: readonly string[] | null, by: Doing): Promise<void> {
  const { userId = null, now } = by;
  if (userId !== null) await markRead(app.db, { userId, ids: ids?.filter(isUuid) ?? null, now });
}
