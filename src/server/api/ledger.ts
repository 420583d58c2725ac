import { z } from 'zod';
import type { AssignmentView, LedgerEntry } from '../../contract/api/team.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import type { Assignment } from '../../core/routing/route.ts';
import { isWaitingReason, waitingLabel } from '../../core/routing/waiting.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { listUserRows } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { findEpisodeRow } from '../../db/decision/queue.ts';
import { type LedgerRow, listEpisodeLedger, listTeamLedger } from '../../db/routing/ledger.ts';
import { mustFind } from '../../loop/error.ts';
import { readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';
import { personOf, personOrNull } from './person.ts';

const position = z.object({ id: z.int().min(0) });

/** Lists who got which lead of a team and why, newest first. */
export const getTeamLedger: Handler<'getTeamLedger'> = async ({ app }, { params, query }) => {
  const before = readCursor(query.cursor, position)?.id ?? null;
  const rows = await listTeamLedger(app.db, { team: params.name, before, limit: query.limit + 1 });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: await viewLines(app.db, page),
    nextCursor: last === null ? null : writeCursor({ id: last.id }),
  };
};

/** Lists how an episode came to its owner, oldest first. */
export const getEpisodeRouting: Handler<'getEpisodeRouting'> = async ({ app }, { params }) => {
  await mustFind({ kind: 'episode', id: params.id }, id => findEpisodeRow(app.db, id));
  return { items: await viewLines(app.db, await listEpisodeLedger(app.db, params.id)) };
};

/** What the ledger keeps beside its columns; what is not there, as in lines that people caused, is empty. */
const particularsShape = z.object({
  entryLabel: z.string().nullable().catch(null),
  available: z.array(z.string()).catch([]),
  passedOver: z
    .array(
      z.object({
        userId: z.string(),
        name: z.string(),
        reason: z.string(),
        words: z.string(),
        until: z.number().nullable(),
      }),
    )
    .catch([]),
  skipped: z
    .array(z.object({ id: z.string(), label: z.string(), reason: z.string(), words: z.string() }))
    .catch([]),
  waiting: z.object({ reason: z.string(), detail: z.string() }).nullable().catch(null),
});

async function viewLines(sql: Sql, rows: readonly LedgerRow[]): Promise<LedgerEntry[]> {
  const nameOf = new Map((await listUserRows(sql)).map(({ id, name }) => [id, name]));
  const named = (id: string) => personOf(id, nameOf.get(id) ?? null);
  return rows.map(row => {
    const { available, passedOver, skipped, waiting, entryLabel } = particularsShape.parse(row.particulars);
    return {
      id: String(row.id),
      at: formatInstant(row.at),
      kind: row.kind,
      team: row.team,
      user: row.user_id === null ? null : named(row.user_id),
      contact: personOrNull(row.contact_id, row.contact_name),
      episodeId: row.episode_id,
      entry: row.entry === null ? null : { id: row.entry, label: entryLabel ?? row.entry },
      because: row.because,
      eligible: available.map(named),
      why: reasonIn(row.particulars),
      passedOver: passedOver.map(one => ({ ...one, until: instantOrNull(one.until) })),
      skipped,
      waiting: waiting === null ? null : { ...waiting, label: labelOf(waiting.reason) },
      actor: row.actor,
    };
  });
}

function labelOf(reason: string): string {
  return isWaitingReason(reason) ? waitingLabel(reason) : reason;
}

/** An assignment as the API says it; `nameOf` knows the names of people. */
export function assignmentView(assignment: Assignment, nameOf: ReadonlyMap<string, string>): AssignmentView {
  const { owner, team, entry, because, why, eligible, passedOver, skipped, waiting, retryAt } = assignment;
  return {
    owner: owner === null ? null : { id: owner.id, name: owner.name },
    team,
    entry,
    because,
    why,
    eligible: eligible.map(id => ({ id, name: nameOf.get(id) ?? id })),
    passedOver: passedOver.map(one => ({ ...one, until: instantOrNull(one.until) })),
    skipped: [...skipped],
    waiting: waiting === null ? null : { ...waiting, label: labelOf(waiting.reason) },
    retryAt: instantOrNull(retryAt),
  };
}
