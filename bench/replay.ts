import { makeChance } from './chance.ts';
import { type Columns, makeColumns } from './column.ts';
import {
  type Crossers,
  type Crossings,
  crossingProgram,
  crossingsBySpans,
  KINDS,
  startCrossers,
} from './crossing.ts';
import { type Duck, loadDuck, openDuck } from './duck.ts';
import type { Outcome } from './ratio.ts';
import { expectSame } from './same.ts';
import { inTurns, seconds } from './turn.ts';
import { count } from './word.ts';

/** How many threads each side has. */
const THREADS = 2;
/** How many contacts are compared one by one before anything is measured. */
const COMPARED = 2_000;

/**
 * First crossings of the line over a year of events in memory: Baton with decay and exact, against a window function
 * of DuckDB without decay; each side has two threads.
 */
export async function measureReplay(sizes: {
  readonly seed: number;
  readonly contacts: number;
  readonly events: number;
  readonly rounds: number;
}): Promise<readonly Outcome[]> {
  const library = await openDuck();
  if (typeof library === 'string')
    return [{ kind: 'skipped', name: 'replay', reason: `DuckDB does not load: ${library}` }];
  const { contacts, events } = sizes;
  const shares = KINDS.map(({ share }) => share);
  const begin = performance.now();
  const columns = makeColumns(makeChance(sizes.seed), { contacts, events, shares });
  const made = performance.now();
  const duck = await loadDuck(library, columns);
  const loaded = performance.now();
  const crossers = startCrossers(THREADS);
  try {
    await check(columns, { duck, crossers });
    let met: Crossings = new Float64Array();
    const { ours, theirs } = await inTurns(
      {
        ours: () =>
          seconds(async () => {
            met = await crossers.find({ decay: true }, columns);
          }),
        theirs: () => seconds(duck.findCrossings),
      },
      sizes.rounds,
    );
    const crossed = met.reduce((sum, at) => sum + (Number.isNaN(at) ? 0 : 1), 0);
    return [
      {
        kind: 'ratio',
        name: 'replay',
        ratio: theirs / ours,
        reach: 1,
        unit: 'time of DuckDB without decay / time of Baton with decay',
        detail:
          `${count(events)} events of ${count(contacts)} contacts: Baton ${ours.toFixed(3)} s, DuckDB ${theirs.toFixed(3)} s; ` +
          `${count(crossed)} contacts cross the line; ` +
          `made in ${((made - begin) / 1000).toFixed(1)} s, loaded into DuckDB in ${((loaded - made) / 1000).toFixed(1)} s`,
      },
    ];
  } finally {
    duck.close();
    await crossers.close();
  }
}

/** Both sides on the same question, without decay; and the way that is measured against the plain one, with decay. */
async function check(
  columns: Columns,
  { duck, crossers }: { readonly duck: Duck; readonly crossers: Crossers },
): Promise<void> {
  const compared = Math.min(COMPARED, columns.offsets.length - 1);
  const few = firstContacts(columns, compared);
  expectSame('Baton and DuckDB, without decay', [
    await crossers.find({ decay: false }, few),
    await duck.crossingsOf(compared),
  ]);
  expectSame('the measured way and the plain way, with decay', [
    await crossers.find({ decay: true }, few),
    crossingsBySpans(crossingProgram({ decay: true }), few),
  ]);
}

function firstContacts({ offsets, at, kind }: Columns, contacts: number): Columns {
  const events = offsets[contacts] ?? 0;
  return {
    offsets: offsets.subarray(0, contacts + 1),
    at: at.subarray(0, events),
    kind: kind.subarray(0, events),
  };
}
