import { formatExceptionSubject } from '../../core/exception/subject.ts';
import { brakedIds, JOINS_WITHIN_MS } from '../../core/intake/brake.ts';
import type { Call } from '../../core/intake/call.ts';
import { type Identity, type Intake, identityKey } from '../../core/intake/identity.ts';
import { quote } from '../../core/problem.ts';
import type { Sql } from '../../db/database.ts';
import { loadBefore } from '../../db/duplicate/merge.ts';
import { countJoins } from '../../db/duplicate/unmerge.ts';
import type { App } from '../app.ts';
import { raiseExceptions } from '../exception/exception.ts';

const subjectOf = (identity: Identity) => ({ kind: 'identity' as const, identity });

/** The ids of joins to come that join nobody. One statement, and only where two known contacts would be joined. */
export async function findBraked(
  sql: Sql,
  joins: readonly (readonly Identity[])[],
  calls: readonly Call[],
): Promise<readonly Identity[]> {
  const ids = [...new Map(joins.flat().map(id => [identityKey(id), id])).values()];
  if (ids.length === 0) return [];
  const now = calls.reduce((last, { receivedAt }) => Math.max(last, receivedAt), 0);
  const asked = ids.map(id => ({ ...id, subject: formatExceptionSubject(subjectOf(id)) }));
  const counted = new Map(
    (await countJoins(sql, asked, now - JOINS_WITHIN_MS)).map(row => [`${row.kind}\u0000${row.value}`, row]),
  );
  return brakedIds(
    joins,
    ids.map(id => {
      const row = counted.get(identityKey(id));
      return { id, before: row?.n ?? 0, isBraked: row?.is_open === true };
    }),
  );
}

/** The merges, those of two known contacts with where both stood, so that they can be taken apart. */
export async function undoable(sql: Sql, app: App, merges: Intake['merges']) {
  const before = await loadBefore(
    sql,
    merges.filter(({ ids }) => ids.length > 0),
  );
  return merges.map(merge => {
    const stood = before.get(merge.from);
    return stood === undefined
      ? merge
      : { ...merge, reviewed: { id: app.newId(), by: 'intake', before: stood } };
  });
}

/** Opens an exception for each id that joins nobody any more, in the caller's transaction; one that is open already stays. */
export async function raiseBraked(
  sql: Sql,
  app: App,
  braked: readonly Identity[],
  now: number,
): Promise<void> {
  const what = { user: 'user id', email: 'e-mail address', anonymous: 'anonymous id' } as const;
  await raiseExceptions(
    sql,
    app,
    braked.map(identity => ({
      kind: 'breach',
      reason: 'joins_too_many',
      subject: subjectOf(identity),
      detail: `the ${what[identity.kind]} ${quote(identity.value)} would join more than 5 known contacts within an hour, which is what a broken release does; it joins nobody until this is closed, and what it has joined can be taken apart`,
      particulars: { identity },
      at: now,
    })),
  );
}
