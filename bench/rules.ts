import { Bench } from 'tinybench';
import { compile, type Program } from '../src/core/scoring/program.ts';
import { makeSubject, scoreAt } from '../src/core/scoring/score.ts';
import { makeChance } from './chance.ts';
import { normaliseLead, scoreByClosures } from './closure.ts';
import { type Engine, jsonRulesEngine, zenDecision, zenExpression } from './engine.ts';
import type { Outcome } from './ratio.ts';
import { expectSame } from './same.ts';
import { type Lead, makeLeads, type Sheet, tableAgreement } from './table.ts';
import { median } from './turn.ts';

/** Any instant later than the creation of the leads: traits do not change with time. */
const AT = Date.UTC(2026, 2, 1);

interface Sizes {
  readonly seed: number;
  readonly contacts: number;
  readonly rounds: number;
  /** How long each side runs in a round, in milliseconds. */
  readonly roundMs: number;
}

/** A side scores all leads once. */
type Sides = Readonly<Record<string, () => Promise<readonly Sheet[]> | readonly Sheet[]>>;

/** One contact by ten trait rules, full breakdown: against two rule engines, and against closures written by hand. */
export async function measureRules(sizes: Sizes): Promise<readonly Outcome[]> {
  const leads = makeLeads(makeChance(sizes.seed), sizes.contacts);
  const program = compile(tableAgreement());
  return [await againstEngines(program, leads, sizes), await againstClosures(program, leads, sizes)];
}

async function againstEngines(program: Program, leads: readonly Lead[], sizes: Sizes): Promise<Outcome> {
  const name = 'rules';
  const { engines, missing } = await openEngines();
  if (engines.every(engine => engine.isBare)) return { kind: 'skipped', name, reason: missing.join('; ') };
  const profiles = leads.map(profileOf);
  const sides: Sides = {
    Baton: () =>
      profiles.map(profile =>
        sheetOfBaton(program, makeSubject(program, { profile, history: [], createdAt: 0 })),
      ),
    ...Object.fromEntries(engines.map(engine => [engine.name, () => engine.scoreAll(leads)])),
  };
  const micros = await microsPerLead(sides, leads.length, sizes);
  for (const engine of engines) engine.close();
  const rivals = engines.filter(engine => !engine.isBare);
  const fastest = Math.min(...rivals.map(engine => micros[engine.name] ?? Number.POSITIVE_INFINITY));
  return {
    kind: 'ratio',
    name,
    ratio: fastest / (micros.Baton ?? Number.NaN),
    reach: 30,
    unit: 'time of the fastest engine / time of Baton, from the raw profile',
    detail: [`${describe(micros)} a contact`, ...missing].join('; '),
  };
}

async function againstClosures(program: Program, leads: readonly Lead[], sizes: Sizes): Promise<Outcome> {
  const subjects = leads.map(lead =>
    makeSubject(program, { profile: profileOf(lead), history: [], createdAt: 0 }),
  );
  const values = leads.map(normaliseLead);
  const micros = await microsPerLead(
    {
      Baton: () => subjects.map(subject => sheetOfBaton(program, subject)),
      closures: () => values.map(scoreByClosures),
    },
    leads.length,
    sizes,
  );
  return {
    kind: 'ratio',
    name: 'rules-closures',
    ratio: (micros.closures ?? Number.NaN) / (micros.Baton ?? Number.NaN),
    reach: 0.2,
    unit: 'time of closures by hand / time of Baton, from values already read',
    detail: `${describe(micros)} a contact`,
  };
}

async function openEngines(): Promise<{
  readonly engines: readonly Engine[];
  readonly missing: readonly string[];
}> {
  const engines: Engine[] = [];
  const missing: string[] = [];
  for (const open of [jsonRulesEngine, zenDecision, zenExpression]) {
    try {
      engines.push(await open());
    } catch (error) {
      // A native engine has no build for every machine.
      missing.push(`${open.name} does not load: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { engines, missing };
}

function profileOf(lead: Lead) {
  const { title, emailKind, ...company } = lead;
  return { contact: { title, emailKind }, company };
}

function sheetOfBaton(program: Program, subject: Parameters<typeof scoreAt>[1]): Sheet {
  const score = scoreAt(program, subject, AT);
  if (!score.applies) throw new Error('expected every lead to be scored');
  return score;
}

/** The median over the rounds of what each side takes for a lead, in microseconds; checks first that all agree. */
async function microsPerLead(
  sides: Sides,
  count: number,
  sizes: Sizes,
): Promise<Readonly<Record<string, number>>> {
  await check(sides);
  const found = new Map(Object.keys(sides).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < sizes.rounds; round++) {
    const bench = new Bench({
      time: sizes.roundMs,
      iterations: 1,
      warmupTime: sizes.roundMs / 4,
      throws: true,
    });
    for (const [name, side] of Object.entries(sides)) bench.add(name, side);
    for (const { name, result } of await bench.run()) {
      if (result.state !== 'completed') throw new Error(`${name} did not end: ${result.state}`);
      found.get(name)?.push((result.latency.p50 * 1000) / count);
    }
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, median(values)]));
}

async function check(sides: Sides): Promise<void> {
  const [first, ...others] = Object.entries(sides);
  const expected = (await first?.[1]()) ?? [];
  for (const [name, side] of others) {
    expectSame(`${first?.[0]} and ${name}`, [expected.map(plain), (await side()).map(plain)]);
  }
}

function plain({ scores, total, lines }: Sheet) {
  return { scores, total, lines };
}

function describe(micros: Readonly<Record<string, number>>): string {
  return Object.entries(micros)
    .map(([name, value]) => `${name} ${value.toPrecision(3)} µs`)
    .join(', ');
}
