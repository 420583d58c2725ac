import { randomBytes } from 'node:crypto';
import { entry, type Particulars } from '../../core/contact/journal.ts';
import { ROTATION_MS, SWITCHED_OFF, TEST_TYPE, urlProblem } from '../../core/delivery/webhook.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import {
  addWebhook,
  deleteWebhookRow,
  disableWebhook,
  enableWebhook,
  findWebhookRow,
  lockWebhook,
  promiseTest,
  rotateSecret,
  saveWebhook,
  type WebhookRow,
} from '../../db/delivery/webhook.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { mustFind, refusalOf } from '../error.ts';
import { settleExceptions } from '../exception/exception.ts';
import { hostOf, isPublic, literalOf } from './address.ts';
import { wakeCouriers } from './outbox.ts';

/** Where other software wants to be told, and of what; no types are all. */
interface WantedWebhook {
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly allowPrivate: boolean;
}

/** What of a webhook is to be otherwise; what is not given stays. */
type WebhookChange = {
  readonly [Key in keyof WantedWebhook]?: WantedWebhook[Key] | undefined;
} & { readonly enabled?: boolean | undefined };

/** Adds a webhook and returns its id, and its secret, which cannot be read again; an address nobody can mean is refused. */
export async function registerWebhook(
  app: App,
  wanted: WantedWebhook,
  by: Doing,
): Promise<{ readonly id: string; readonly secret: string }> {
  mustBeReachable(wanted);
  const [id, secret] = [app.newId(), makeWebhookSecret()];
  const eventTypes = [...new Set(wanted.eventTypes)];
  await app.db.transaction(async sql => {
    await addWebhook(sql, { ...wanted, id, secret, eventTypes, now: by.now, by: by.actor });
    await addJournal(sql, [entry('webhook_added', aboutWebhook({ id, url: wanted.url }), doneBy(by))]);
  });
  return { id, secret };
}

function aboutWebhook({ id, url }: Pick<WebhookRow, 'id' | 'url'>) {
  return { webhook: id, host: hostOf(url) };
}

/** Refuses an address that cannot be meant. What a name leads to is checked whenever something is sent there. */
function mustBeReachable({ url, allowPrivate }: Pick<WantedWebhook, 'url' | 'allowPrivate'>): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const literal = parsed === null ? null : literalOf(parsed.hostname);
  const isPrivate = literal !== null && !isPublic(literal);
  const message =
    urlProblem(url, { allowPrivate }) ??
    (parsed === null ? 'expected an address' : null) ??
    (isPrivate && !allowPrivate ? `${literal} is not a public address; expected one, or allowPrivate` : null);
  if (message === null) return;
  throw refusalOf('invalid', [{ path: 'url', message }]);
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
function makeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Changes a webhook, all of it or nothing, and switches it on or off where that is asked. */
export async function changeWebhook(app: App, id: string, change: WebhookChange, by: Doing): Promise<void> {
  const { enabled = null, ...settings } = change;
  await app.db.transaction(async sql => {
    const known = await mustLock(sql, id);
    const isOther = Object.values(settings).some(value => value !== undefined);
    const webhook = isOther ? await saveSettings(sql, known, settings, by) : known;
    if (enabled === false) await switchOff(sql, webhook, by);
    if (enabled === true) await switchOn(sql, webhook, by);
  });
  if (enabled === true) wakeCouriers(app);
}

async function saveSettings(
  sql: Sql,
  known: WebhookRow,
  change: Omit<WebhookChange, 'enabled'>,
  by: Doing,
): Promise<WebhookRow> {
  const { url = known.url, description = known.description, allowPrivate = known.allow_private } = change;
  if (change.url !== undefined || change.allowPrivate !== undefined) mustBeReachable({ url, allowPrivate });
  const eventTypes = [...new Set(change.eventTypes ?? known.event_types)];
  await saveWebhook(sql, { id: known.id, url, description, eventTypes, allowPrivate });
  const saved = { ...known, url };
  await recordChange(sql, saved, 'settings', by);
  return saved;
}

async function switchOff(sql: Sql, known: WebhookRow, by: Doing): Promise<void> {
  const because = `${SWITCHED_OFF} by ${oneLine(by.actor, 80)}`;
  if (await disableWebhook(sql, { id: known.id, now: by.now, because }))
    await recordChange(sql, known, 'off', by);
}

async function recordChange(
  sql: Sql,
  webhook: WebhookRow,
  change: Particulars<'webhook_changed'>['change'],
  by: Doing,
): Promise<void> {
  await addJournal(sql, [entry('webhook_changed', { ...aboutWebhook(webhook), change }, doneBy(by))]);
}

/** Deletes a webhook; what waits for it is failed. */
export async function dropWebhook(app: App, id: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const known = await mustLock(sql, id);
    await deleteWebhookRow(sql, { id: known.id, now: by.now });
    await settleFailures(sql, known, by, 'The webhook was deleted');
    await addJournal(sql, [entry('webhook_deleted', aboutWebhook(known), doneBy(by))]);
  });
}

/** Switches a webhook on again. What failed meanwhile is sent again when somebody asks for it. */
export async function switchWebhookOn(app: App, id: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => switchOn(sql, await mustLock(sql, id), by));
  wakeCouriers(app);
}

async function switchOn(sql: Sql, known: WebhookRow, by: Doing): Promise<void> {
  await enableWebhook(sql, known.id);
  await settleFailures(sql, known, by, 'The webhook was switched on again');
  if (known.disabled_at !== null) await recordChange(sql, known, 'on', by);
}

function settleFailures(sql: Sql, { id }: WebhookRow, by: Doing, resolution: string): Promise<void> {
  const subjects = [{ kind: 'delivery' as const, recipient: { kind: 'webhook' as const, webhookId: id } }];
  return settleExceptions(sql, { kind: 'delivery', subjects }, { at: by.now, by: by.actor, resolution });
}

/** Gives a webhook a new secret and returns it; for a day the old one signs as well. */
export async function renewWebhookSecret(app: App, id: string, by: Doing): Promise<string> {
  const secret = makeWebhookSecret();
  await app.db.transaction(async sql => {
    const known = await mustLock(sql, id);
    await rotateSecret(sql, { id: known.id, secret, until: by.now + ROTATION_MS });
    await recordChange(sql, known, 'secret', by);
  });
  return secret;
}

/** Sends a message that says only that it is a test, also to a webhook that is off; returns the id of the message. */
export async function sendTestToWebhook(app: App, id: string, by: Doing): Promise<string> {
  const known = await mustFindWebhook(app.db, id);
  const messageId = app.newId();
  const payload = {
    type: TEST_TYPE,
    timestamp: formatInstant(by.now),
    data: { message: 'A test from Baton', by: by.actor },
  };
  await promiseTest(app.db, { id: messageId, webhookId: known.id, type: TEST_TYPE, payload, now: by.now });
  wakeCouriers(app);
  return messageId;
}

/** Finds a webhook; refuses an id that names none, or one that was deleted. */
export function mustFindWebhook(sql: Sql, id: string): Promise<WebhookRow> {
  return mustFind({ kind: 'webhook', id }, () => findWebhookRow(sql, id));
}

/** Finds a webhook and keeps others from changing it until the transaction ends. */
function mustLock(sql: Sql, id: string): Promise<WebhookRow> {
  return mustFind({ kind: 'webhook', id }, async () => {
    await lockWebhook(sql, id);
    return findWebhookRow(sql, id);
  });
}
