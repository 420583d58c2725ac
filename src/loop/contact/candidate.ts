import { LIKENESS_LINE, likenessOf, type Reason } from '../../core/duplicate/likeness.ts';
import type { Sql } from '../../db/database.ts';
import {
  type AlikeRow,
  findAlike,
  type Likely,
  likeableOfRow,
  type NewDuplicate,
  saveDuplicates,
} from '../../db/duplicate/candidate.ts';
import type { App } from '../app.ts';

/** Another contact that may be the same person as one, and that nobody has decided on yet. */
export interface Alike {
  readonly id: string;
  readonly otherId: string;
  readonly otherName: string;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly otherOwnerId: string | null;
  readonly otherHasOpenEpisode: boolean;
}

/**
 * Finds the contacts that may be the same person as these, the surest first; new pairs are put up for review.
 * Those that people have kept apart are left out. One statement, and another one where pairs are new or
 * changed; a caller that gives leads out must hold the lock on the teams already, so as to see what others
 * have given out.
 */
export async function findCandidates(
  sql: Sql,
  { newId }: Pick<App, 'newId'>,
  rows: readonly Likely[],
  now: number,
): Promise<ReadonlyMap<string, readonly Alike[]>> {
  const byId = new Map(rows.map(row => [row.id, likeableOfRow(row)]));
  const found = (await findAlike(sql, rows)).flatMap(row => {
    const one = byId.get(row.contact_id);
    if (one === undefined || (row.state !== null && row.state !== 'open')) return [];
    const likeness = likenessOf(
      one,
      likeableOfRow({
        contact: row.contact,
        companyPart: row.company_part,
        companyName: row.company_name,
        companyId: row.company_id,
      }),
    );
    return likeness.score < LIKENESS_LINE ? [] : [{ row, ...likeness }];
  });
  const changed = found.filter(
    ({ row, score, reasons }) => row.score !== score || !isSame(row.reasons, reasons),
  );
  const fresh = new Map(
    changed.map(({ row, score, reasons }): readonly [string, NewDuplicate] => {
      const { aId, bId } = pairOf(row);
      return [`${aId} ${bId}`, { id: row.likeness_id ?? newId(), aId, bId, score, reasons }];
    }),
  );
  const saved = new Map(
    (await saveDuplicates(sql, [...fresh.values()], now)).map(({ id, a_id, b_id }) => [
      `${a_id} ${b_id}`,
      id,
    ]),
  );
  const alike = new Map<string, Alike[]>();
  for (const { row, score, reasons } of found.sort((a, b) => b.score - a.score)) {
    const { aId, bId } = pairOf(row);
    const key = `${aId} ${bId}`;
    const id = fresh.has(key) ? saved.get(key) : row.likeness_id;
    if (id === undefined || id === null) continue;
    const entry: Alike = {
      id,
      otherId: row.other_id,
      otherName: row.name,
      score,
      reasons,
      otherOwnerId: row.owner_id,
      otherHasOpenEpisode: row.has_open,
    };
    alike.set(row.contact_id, [...(alike.get(row.contact_id) ?? []), entry]);
  }
  return alike;
}

function pairOf({ contact_id: one, other_id: other }: AlikeRow): {
  readonly aId: string;
  readonly bId: string;
} {
  return one < other ? { aId: one, bId: other } : { aId: other, bId: one };
}

function isSame(stored: unknown, reasons: readonly Reason[]): boolean {
  const texts = Array.isArray(stored) ? stored.map((reason: { readonly text?: unknown }) => reason.text) : [];
  return JSON.stringify(texts) === JSON.stringify(reasons.map(({ text }) => text));
}
