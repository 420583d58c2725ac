import {
  CLOCK_KINDS,
  type ClockFacts,
  type ClockKind,
  dueAfterRest,
  dueAfterResume,
  pauseAt,
  type Rest,
} from '../../core/followup/clock.ts';
import { entryOf, ROUND_THE_CLOCK, type Sla } from '../../core/handoff/desk.ts';
import type { Sql } from '../../db/database.ts';
import {
  addPause,
  type ClockRow,
  endPause,
  loadClockRows,
  loadPauseRows,
  loadTimed,
  moveDue,
  type PauseRow,
  type TimedRow,
  wakeClocks,
} from '../../db/decision/clock.ts';
import type { Doing } from '../actor.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';

/** A clock of an episode with all that is known of it. */
export interface KnownClock {
  readonly facts: ClockFacts;
  /** The SLA entry that set it, of the version of the handoff; null where that is not known. */
  readonly entry: Sla | null;
  /** What the sweeps have made of it; null of one that they never look at. */
  readonly stored: ClockRow | null;
  readonly pauses: readonly PauseRow[];
}

/** The name of the calendar by which a clock counts. */
export function calendarNameOf({ entry }: Pick<KnownClock, 'entry'>): string {
  return entry?.calendarName ?? ROUND_THE_CLOCK;
}

/** Loads the clocks of episodes, by the versions of the agreement that these were handed over under. */
export async function loadClocks(
  sql: Sql,
  { db }: Pick<App, 'db'>,
  episodes: readonly TimedRow[],
): Promise<ReadonlyMap<string, readonly KnownClock[]>> {
  const timed = episodes.filter(row => row.first_touch_due_at !== null || row.decision_due_at !== null);
  const ids = timed.map(({ id }) => id);
  const [stored, pauses] =
    ids.length === 0 ? [[], []] : await Promise.all([loadClockRows(sql, ids), loadPauseRows(sql, ids)]);
  const clocks = new Map<string, readonly KnownClock[]>();
  for (const row of timed) {
    const { desk } = await agreementOf(sql, db, { id: row.agreement_id, version: row.version });
    const isOwn = (of: { readonly episode_id: string }) => of.episode_id === row.id;
    const own = { stored: stored.filter(isOwn), pauses: pauses.filter(isOwn) };
    const entry = entryOf(desk, {
      entry: own.stored.find(of => of.entry !== null)?.entry ?? null,
      handedOffAt: row.handed_off_at,
      firstTouchDueAt: row.first_touch_due_at,
      decisionDueAt: row.decision_due_at,
    });
    clocks.set(
      row.id,
      CLOCK_KINDS.flatMap(kind => clockOf(row, kind, { ...own, entry })),
    );
  }
  return clocks;
}

function clockOf(
  row: TimedRow,
  kind: ClockKind,
  known: {
    readonly stored: readonly ClockRow[];
    readonly pauses: readonly PauseRow[];
    readonly entry: Sla | null;
  },
): readonly KnownClock[] {
  const dueAt = kind === 'firstTouch' ? row.first_touch_due_at : row.decision_due_at;
  if (dueAt === null) return [];
  const { entry } = known;
  const stored = known.stored.find(of => of.kind === kind) ?? null;
  const pauses = known.pauses.filter(of => of.kind === kind);
  const facts = {
    kind,
    startedAt: row.handed_off_at,
    dueAt,
    stoppedAt: stopOf(row, kind),
    wasMissed: stored !== null && stored.missed_at !== null,
    rests: pauses.map(restOf),
    calendar: entry?.calendar ?? null,
    remind: entry?.remind ?? [],
    reassignAfter: entry?.escalate?.reassignAfter ?? null,
  };
  return [{ facts, entry, stored, pauses }];
}

function restOf({ started_at: from, until, reason }: PauseRow): Rest {
  return { from, until, reason };
}

/**
 * What stopped a clock: the first touch, the decision; and the end of the episode whatever still ran, as there is nothing
 * left to do.
 */
function stopOf(row: TimedRow, kind: ClockKind): number | null {
  const { first_touch_at: touchedAt, decided_at: decidedAt, ended_at: endedAt } = row;
  const stops = [kind === 'firstTouch' ? touchedAt : decidedAt, endedAt].filter(at => at !== null);
  return stops.length === 0 ? null : Math.min(...stops);
}

/** Loads the clock of the decision on an episode; null where the agreement sets none. */
export async function loadDecisionClock(
  sql: Sql,
  app: Pick<App, 'db'>,
  row: TimedRow,
): Promise<KnownClock | null> {
  const clocks = (await loadClocks(sql, app, [row])).get(row.id) ?? [];
  return clocks.find(({ facts }) => facts.kind === 'decision') ?? null;
}

/** Ends the pause of a decision's clock, if it is paused, as the decision is made: it stops at what it had counted. */
export async function endPauseOf(
  sql: Sql,
  app: Pick<App, 'db'>,
  row: TimedRow,
  { actor, now }: Doing,
): Promise<void> {
  if (row.decision_due_at === null) return;
  const clock = await loadDecisionClock(sql, app, row);
  const paused = clock === null ? null : pauseAt(clock.facts, now);
  const stored = clock?.pauses.find(({ started_at: from }) => from === paused?.from);
  if (clock === null || paused === null || stored === undefined) return;
  await endPause(sql, stored.id, { at: now, by: actor });
  const decision = dueAfterResume(clock.facts, { until: paused.until, now });
  await moveDue(sql, [{ episodeId: row.id, firstTouch: null, decision }]);
}

/**
 * Starts the clocks of episodes again that had stopped and, as what stopped them was taken back, have not: from where they
 * stood. `before` are the episodes as they were. One that was missed stays so, and its end where it was.
 */
export async function restartClocks(
  sql: Sql,
  app: Pick<App, 'db' | 'newId'>,
  before: readonly TimedRow[],
  { actor, now }: Pick<Doing, 'actor' | 'now'>,
): Promise<void> {
  const stopped = before.filter(
    row => row.ended_at !== null || row.decided_at !== null || row.first_touch_at !== null,
  );
  if (stopped.length === 0) return;
  const rows = await loadTimed(
    sql,
    stopped.map(({ id }) => id),
  );
  const clocks = await loadClocks(sql, app, rows);
  const moved = new Map<string, { firstTouch: number | null; decision: number | null }>();
  for (const was of stopped) {
    for (const { facts } of clocks.get(was.id) ?? []) {
      const from = stopOf(was, facts.kind);
      // What was logged in between finds the clock where it stood.
      const isStopped = facts.stoppedAt !== null && from !== null && facts.stoppedAt <= from;
      if (from === null || isStopped || facts.wasMissed || from > facts.dueAt || from >= now) continue;
      const rest = { from, until: now };
      const times = moved.get(was.id) ?? { firstTouch: null, decision: null };
      times[facts.kind] = dueAfterRest(facts, rest);
      moved.set(was.id, times);
      await addPause(sql, {
        id: app.newId(),
        episodeId: was.id,
        kind: facts.kind,
        startedAt: from,
        until: now,
        reason: null,
        by: actor,
        isOver: true,
      });
    }
  }
  await moveDue(
    sql,
    [...moved].map(([episodeId, times]) => ({ episodeId, ...times })),
  );
  await wakeClocks(
    sql,
    stopped.map(({ id }) => id),
    now,
  );
}
