import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { DRIVERS } from '../db/opened.ts';
import { type Lived, liveThrough } from './life.ts';
import { drawPlan, type Plan } from './plan.ts';
import { KEPT } from './seeds.ts';
import { shrink } from './shrink.ts';

/** BATON_SIM_SEED begins elsewhere, BATON_SIM_WEEKS=10000 takes its time, BATON_SIM_ON=postgres leaves the other driver out. */
const FIRST_SEED = Number(process.env.BATON_SIM_SEED ?? '1000');
const WEEKS = Number(process.env.BATON_SIM_WEEKS ?? '30');
/** After how many broken worlds it is time to look at them. */
const MAX_BROKEN = 3;
/** How often a long run says how far it is, in weeks. */
const SAY_EVERY = 250;

describe.each(
  DRIVERS.filter(({ name }) => process.env.BATON_SIM_ON === undefined || name === process.env.BATON_SIM_ON),
)('simulated on $name', driver => {
  let dbs: [Database, Database];
  beforeAll(async () => {
    dbs = await openTwice(driver.open);
  });
  afterAll(async () => {
    const [db, other] = dbs;
    if (other !== db) await other.close();
    await db.close();
  });

  // What they found is of Baton, not of a database: the one with two connections has them, where there is one.
  test.each(driver === DRIVERS.at(-1) ? KEPT : [])(
    'seed $seed, which once found that $found',
    { timeout: 120_000 },
    async ({ seed, hasLetters = false }) => {
      await liveThrough(dbs, drawPlan(seed, { hasLetters }));
    },
  );

  test(`${WEEKS} weeks from seed ${FIRST_SEED} on`, { timeout: 900_000 + WEEKS * 8_000 }, async () => {
    const broken: string[] = [];
    const totals = new Map<keyof Lived, number>();
    let weeks = 0;
    let seed = FIRST_SEED;
    const say = (what: string) =>
      console.log(`${what} ${JSON.stringify({ weeks, seed, ...Object.fromEntries(totals) })}`);
    for (; weeks < WEEKS && broken.length < MAX_BROKEN; seed++) {
      const plan = drawPlan(seed, { hasLetters: true });
      const problem = await problemOf(dbs, plan, totals);
      if (problem !== null) broken.push(await report(dbs, plan, problem));
      if (Math.floor(weeks / SAY_EVERY) < Math.floor((weeks + plan.weeks) / SAY_EVERY)) say('so far');
      weeks += plan.weeks;
    }
    say('lived through');
    expect(broken.join('\n\n')).toBe('');
    // Worlds in which nothing much happens would show nothing.
    for (const [what, count] of WEEKS < 20 ? [] : totals) expect([what, count > 0]).toEqual([what, true]);
  });
});

/** Opens a fresh database, and it once more for the second server; an embedded one serves both. */
async function openTwice(open: () => Promise<Database>): Promise<[Database, Database]> {
  const db = await open();
  if (db.kind === 'pglite') return [db, db];
  const [row] = await db.run<{ readonly name: string }>(
    { name: '', text: 'select current_database()::text as name' },
    [],
  );
  // The servers die here, the database does not: nothing depends on what a disk has seen.
  await db.script(`alter database ${row?.name} set synchronous_commit = off`);
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.pathname = `/${row?.name}`;
  return [db, openPostgres(url.href, () => {})];
}

async function problemOf(
  dbs: readonly [Database, Database],
  plan: Plan,
  totals: Map<keyof Lived, number>,
): Promise<string | null> {
  try {
    const lived = await liveThrough(dbs, plan);
    for (const what of WHAT) totals.set(what, (totals.get(what) ?? 0) + lived[what]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const WHAT = [
  ...['steps', 'episodes', 'deaths', 'arrivals', 'merges', 'waited', 'signals', 'asked'],
  ...['reminded', 'missed', 'taken', 'pauses'],
  ...['tracks', 'trackSteps', 'woken', 'letters', 'refused'],
] as const satisfies readonly (keyof Lived)[];

/** What broke, the fewest steps that break it, and how to see it again. */
async function report(dbs: readonly [Database, Database], plan: Plan, problem: string): Promise<string> {
  const kind = kindOf(problem);
  const least = await shrink(
    plan,
    async fewer => kindOf((await problemOf(dbs, fewer, new Map())) ?? '') === kind,
  );
  const told = least === plan ? problem : ((await problemOf(dbs, least, new Map())) ?? problem);
  const text = [
    `seed ${plan.seed} broke: ${kind}`,
    `again: BATON_SIM_SEED=${plan.seed} BATON_SIM_WEEKS=1 BATON_SIM_ON=${dbs[0].kind} npx vitest run test/sim`,
    told.slice(0, 4000),
    `${least.steps.length} of ${plan.steps.length} steps break it:`,
    ...least.steps.map(
      ({ at, acts }) => `  ${new Date(at).toISOString()} ${JSON.stringify(acts).slice(0, 600)}`,
    ),
  ].join('\n');
  console.log(text);
  return text;
}

/** What kind of break it is: the words before any particulars. */
function kindOf(problem: string): string {
  return problem.split('\n').at(-1)?.split(': ')[0]?.trim() ?? '';
}
