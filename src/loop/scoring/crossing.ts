import { qualifiedSince } from '../../core/replay/replay.ts';
import type { Program } from '../../core/scoring/program.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { loadFirstEvents } from '../../db/scoring/past.ts';
import { loadPasts } from './past.ts';

/** A contact that qualifies at `now`, and since when a crossing can count; epoch ms. */
interface Crosser {
  readonly id: string;
  readonly since: number;
  /** The decision that sent it back to nurture: a crossing counts from the first event later than it. */
  readonly recycledAt: number | null;
  readonly now: number;
}

/**
 * When contacts crossed the line to where they qualify now, to the millisecond: from all facts of their profiles and
 * companies, each from the time it holds. Contacts are few here, so their whole history is walked.
 */
export async function loadCrossings(
  sql: Sql,
  program: Program,
  crossers: readonly Crosser[],
): Promise<ReadonlyMap<string, number>> {
  const ids = crossers.map(({ id }) => id);
  const recycled = crossers.flatMap(({ id, recycledAt: after }) => (after === null ? [] : [{ id, after }]));
  const [pasts, firsts] = await Promise.all([
    loadPasts(sql, ids, { program, knownAt: LAST_INSTANT }),
    loadFirstEvents(sql, recycled),
  ]);
  return new Map(
    crossers.flatMap(({ id, since, now }) => {
      const timeline = pasts.get(id)?.timeline;
      if (timeline === undefined) return [];
      const from = Math.max(since, firsts.get(id) ?? since, timeline.createdAt);
      return [[id, qualifiedSince(program, timeline, { from, to: now }) ?? now]];
    }),
  );
}
