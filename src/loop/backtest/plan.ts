import type { Agreement } from '../../core/agreement/agreement.ts';
import { compile, type Program } from '../../core/scoring/program.ts';
import { listCreations } from '../../db/import/import.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { loadPasts, standingOf } from '../scoring/past.ts';

/** A contact that a new version would treat otherwise; a path of null is: does not qualify. */
export interface Mover {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** How many contacts qualify by each path. */
export type PathCounts = Readonly<Record<string, number>>;

/** What a new version would change now. */
export interface Plan {
  readonly contacts: number;
  /** Qualifying contacts by path: under the active version, and under the new one. */
  readonly before: PathCounts;
  readonly after: PathCounts;
  readonly enters: number;
  readonly leaves: number;
  /** Those that qualify under both, but by another path. */
  readonly switches: number;
  /** The first of those that enter and leave, in the order of their ids. */
  readonly entering: readonly Mover[];
  readonly leaving: readonly Mover[];
}

/** How many contacts are compared at once: a bound on memory. */
const PLAN_BATCH = 500;

/**
 * Compares who qualifies at `now` under the active version (nobody where none is active) and under another agreement,
 * over all contacts; `named` bounds how many are named.
 */
export async function planAgreement(
  app: App,
  next: Agreement,
  how: { readonly now: number; readonly named: number; readonly report: (done: number) => void },
): Promise<Plan> {
  const [active] = await activeAgreements(app.db, app.db);
  const after = compile(next);
  const tally = openTally(how.named);
  let last: string | null = null;
  let contacts = 0;
  for (;;) {
    const page: Awaited<ReturnType<typeof listCreations>> = await listCreations(app.db, last, PLAN_BATCH);
    if (page.length === 0) break;
    const [from, to] = [
      active === undefined
        ? new Map<string, string | null>()
        : await pathsOf(app, page, active.program, how.now),
      await pathsOf(app, page, after, how.now),
    ];
    for (const { id, name, email } of page)
      tally.add({ id, name, email, from: from.get(id) ?? null, to: to.get(id) ?? null });
    contacts += page.length;
    last = page.at(-1)?.id ?? null;
    how.report(contacts);
  }
  return { contacts, ...tally.sum() };
}

async function pathsOf(
  app: App,
  page: Awaited<ReturnType<typeof listCreations>>,
  program: Program,
  now: number,
): Promise<ReadonlyMap<string, string | null>> {
  const ids = page.map(({ id }) => id);
  const pasts = await loadPasts(app.db, ids, { program, knownAt: now });
  return new Map(
    [...pasts].map(([id, past]) => {
      const { score } = standingOf(program, past, now);
      return [id, score.applies ? score.qualifies : null];
    }),
  );
}

function openTally(named: number) {
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};
  const entering: Mover[] = [];
  const leaving: Mover[] = [];
  const counts = { enters: 0, leaves: 0, switches: 0 };
  return {
    add: (mover: Mover) => {
      const { from, to } = mover;
      if (from !== null) before[from] = (before[from] ?? 0) + 1;
      if (to !== null) after[to] = (after[to] ?? 0) + 1;
      if (from === to) return;
      if (from === null) counts.enters += 1;
      else if (to === null) counts.leaves += 1;
      else counts.switches += 1;
      if (from === null && entering.length < named) entering.push(mover);
      if (to === null && leaving.length < named) leaving.push(mover);
    },
    sum: () => ({ before, after, ...counts, entering, leaving }),
  };
}
