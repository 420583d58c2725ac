import { isObject } from '../../core/condition/reading.ts';
import type { ExceptionSubject } from '../../core/exception/subject.ts';
import {
  BREACHES,
  type Breach,
  type BreachKind,
  breachAdvice,
  breachesOf,
} from '../../core/report/conservation.ts';
import { oneLine } from '../../core/text/safe.ts';
import { listAdmins } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { findLost, keepChecked, tryCheck, updateBreaches } from '../../db/report/conservation.ts';
import type { App } from '../app.ts';
import { type RaisedException, raiseExceptions, settleExceptions } from '../exception/exception.ts';

/** How long a change of a score may be due before its contact counts as forgotten, in ms. */
const EVALUATED_WITHIN_MS = 600_000;
/** It looks at every lead. */
const LONG = { long: true };
/** How often the leads are checked, whichever node does it, in ms. */
export const CHECK_EVERY_MS = 60_000;

/**
 * What other workers mend within seconds of its beginning: people are told of it only when the next check finds it still.
 */
const MENDED_SOON: ReadonlySet<BreachKind> = new Set(['owner_inactive', 'failed_unseen']);

/**
 * Checks that no lead is lost, once a minute over all nodes. What is lost opens an exception for an admin, once while
 * it lasts, and closes it when it is mended. Returns the breaches; null when another node checks or just has.
 */
export function sweepConservation(app: App, now: number): Promise<readonly Breach[] | null> {
  return app.db.transaction(async sql => {
    const last = await tryCheck(sql);
    // A little less than the interval, so that a node's own timer never comes too early by a hair. A check in the future
    // was made by a clock that has been put back since.
    const isFresh =
      last !== null && last.at !== null && last.at <= now && last.at > now - CHECK_EVERY_MS * 0.9;
    if (last?.mine !== true || isFresh) return null;
    const breaches = await findBreaches(sql, now);
    await keepChecked(sql, {
      at: now,
      counts: Object.fromEntries(breaches.map(({ kind, count }) => [kind, count])),
    });
    const before = isObject(last.counts) ? last.counts : {};
    await tell(sql, app, { breaches, before, now });
    return breaches;
  }, LONG);
}

/** Finds the leads that are lost at `now`. */
export async function findBreaches(sql: Sql, now: number): Promise<readonly Breach[]> {
  const rows = await findLost(sql, { now, overdueSince: now - EVALUATED_WITHIN_MS });
  return breachesOf(
    rows.map(({ kind, contact_id: contactId, episode_id: episodeId, detail, total }) => ({
      kind,
      contactId,
      episodeId,
      detail: oneLine(detail, 200),
      total,
    })),
  );
}

async function tell(
  sql: Sql,
  app: App,
  checked: {
    readonly breaches: readonly Breach[];
    readonly before: Readonly<Record<string, unknown>>;
    readonly now: number;
  },
): Promise<void> {
  const { breaches, before, now } = checked;
  const found = new Set<string>(breaches.map(({ kind }) => kind));
  const healed = BREACHES.filter(kind => !found.has(kind)).map(subjectOf);
  await settleExceptions(
    sql,
    { kind: 'breach', subjects: healed },
    { by: 'the check of conservation', at: now, resolution: 'leads are no longer lost in this way' },
  );
  if (breaches.length === 0) return;
  await updateBreaches(sql, breaches.map(saidOf));
  const [admin = null] = await listAdmins(sql);
  const lasting = breaches.filter(({ kind }) => !MENDED_SOON.has(kind) || Object.hasOwn(before, kind));
  await raiseExceptions(
    sql,
    app,
    lasting.map(breach => troubleOf(breach, admin, now)),
  );
}

function subjectOf(breach: BreachKind): ExceptionSubject {
  return { kind: 'breach', breach };
}

function saidOf({ kind, label, count, examples }: Breach) {
  return {
    subject: subjectOf(kind),
    detail: label,
    particulars: { count, examples, advice: breachAdvice(kind) },
  };
}

function troubleOf(breach: Breach, ownerId: string | null, now: number): RaisedException {
  const [first] = breach.examples;
  return {
    kind: 'breach',
    reason: breach.kind,
    ...saidOf(breach),
    // Never the episode's own: mending the episode closes those.
    contactId: breach.count === 1 ? (first?.contactId ?? null) : null,
    ownerId,
    at: now,
  };
}
