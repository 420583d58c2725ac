import { randomUUID } from 'node:crypto';
import type { ImportKind } from '../../core/import/target.ts';
import { unreachable } from '../../core/unreachable.ts';
import { addBatch, dropBatch, recount } from '../../db/import/import.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { AppError } from '../error.ts';
import { openContactRows } from './contact.ts';
import { takeEvents } from './event.ts';
import { takeOutcomes } from './outcome.ts';
import type { ImportRow, ImportWork, TakenRows } from './row.ts';
import { settleContacts } from './settle.ts';

/** After how many batches of rows the tables are counted anew: while they grow by multiples. */
const RECOUNT_AFTER: readonly number[] = [1, 4, 16, 64, 256];

/** An import that has begun. Rows are durable when `take` resolves; scores are right when `finish` does. */
interface OpenImport {
  readonly batchId: string;
  readonly take: (rows: readonly ImportRow[]) => Promise<TakenRows>;
  /** Takes what had to wait for the last row, and computes the scores; `report` hears how many contacts are done. */
  readonly finish: (report?: (done: number, total: number) => void) => Promise<TakenRows>;
}

/**
 * Begins an import. Contacts and events are taken as they come; outcomes wait for the last row, since they are told in
 * the order in which they happened, under the leading agreement. With `opensNow`, leads that qualify at the end are
 * handed over; else none is. Refused: outcomes where no agreement is active.
 */
export async function openImport(
  app: App,
  of: {
    readonly kind: ImportKind;
    readonly file: string;
    readonly opensNow: boolean;
    /** Who imports it, in words; null for the command line. */
    readonly by?: string | null;
    /** Keeps a batch in the list that took nothing. */
    readonly isKept?: boolean;
  },
): Promise<OpenImport> {
  const batchId = randomUUID();
  const { kind, file, by = null, isKept = false } = of;
  const [leading] = kind === 'outcomes' ? await activeAgreements(app.db, app.db) : [];
  if (kind === 'outcomes' && leading === undefined)
    throw new AppError('conflict', 'no agreement is active; activate one first: baton agreement apply FILE');
  await addBatch(app.db, { id: batchId, kind, file, by, now: app.clock() });
  const touched = new Set<string>();
  const outcomes: ImportRow[] = [];
  let taken = 0;
  const work: ImportWork = {
    app,
    batchId,
    touch: ids => {
      for (const id of ids) touched.add(id);
    },
  };
  let rounds = 0;
  const counted = async (done: TakenRows): Promise<TakenRows> => {
    taken += done.taken;
    rounds += 1;
    if (RECOUNT_AFTER.includes(rounds)) await recount(app.db);
    return done;
  };
  const contacts = openContactRows(work);
  return {
    batchId,
    take: async rows => {
      switch (kind) {
        case 'contacts':
          return await counted(await contacts.take(rows));
        case 'events':
          return await counted(await takeEvents(work, rows));
        case 'outcomes':
          outcomes.push(...rows);
          return { taken: 0, refused: [] };
        default:
          return unreachable(kind);
      }
    },
    finish: async (report = () => {}) => {
      const told = await counted(
        leading === undefined
          ? await contacts.finish()
          : await takeOutcomes(work, { rows: outcomes, active: leading, report }),
      );
      if (touched.size > 0) await recount(app.db);
      await settleContacts(app, [...touched], { opens: of.opensNow ? 'onCall' : 'never', report });
      if (taken === 0 && !isKept) await dropBatch(app.db, batchId);
      return told;
    },
  };
}
