import { type Identity, identityKey } from './identity.ts';

/** How many known contacts one id may join within an hour: a person has a few accounts, a broken release has everybody's. */
const MOST_JOINS = 5;
/** Over how long the joins of an id are counted, in milliseconds. */
export const JOINS_WITHIN_MS = 3_600_000;

/** How often an id has joined two contacts lately, and whether it is under the brake already. */
interface Joins {
  readonly id: Identity;
  readonly before: number;
  readonly isBraked: boolean;
}

/**
 * The ids that join nobody: more than a handful of known contacts within an hour, with those that it would join now. `now`
 * holds the ids of each join to come.
 *
 * @example brakedIds([[{ kind: 'user', value: 'u' }]], [{ id: { kind: 'user', value: 'u' }, before: 5, isBraked: false }]).length // 1
 */
export function brakedIds(
  now: readonly (readonly Identity[])[],
  known: readonly Joins[],
): readonly Identity[] {
  return known.flatMap(({ id, before, isBraked }) => {
    const more = now.filter(ids => ids.some(other => identityKey(other) === identityKey(id))).length;
    return isBraked || before + more > MOST_JOINS ? [id] : [];
  });
}
