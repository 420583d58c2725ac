import { parseArgs } from 'node:util';
import { measureAlert } from './alert.ts';
import { measureCommands } from './command.ts';
import { measureIntake } from './intake.ts';
import { describeMachine } from './machine.ts';
import { measureMemory } from './memory.ts';
import { type Outcome, printJson, printTable } from './ratio.ts';
import { measureReplay } from './replay.ts';
import { measureRules } from './rules.ts';
import { measureScore } from './score.ts';

const USAGE = `npm run bench -- [options]

  --quick       tiny sizes: shows that everything runs; the ratios mean nothing
  --json        one line of JSON for each ratio, and nothing else, on the standard output
  --only NAME   one of rules, replay, score, intake, alert, command, memory; may be repeated
  --set NAME=N  another size, for example replay.contacts=50000; may be repeated
  --seed N      another seed for what is made up (default 1)

DATABASE_URL names a PostgreSQL server on which databases may be made; intake and alert need one.
`;

/** The sizes that the figures in the documents come from. */
const FULL = {
  rules: { contacts: 1_000, rounds: 7, roundMs: 400 },
  replay: { contacts: 1_000_000, events: 20_000_000, rounds: 3 },
  score: { contacts: 250_000, events: 5_000_000, rounds: 3 },
  intake: { events: 20_000, contacts: 2_000, stored: 300_000, batch: 100, inFlight: 8, rounds: 3 },
  alert: { rate: 200, seconds: 15, every: 10, rounds: 3 },
  command: { rounds: 15 },
  memory: { contacts: 2_000 },
};

const QUICK: typeof FULL = {
  rules: { contacts: 20, rounds: 1, roundMs: 2 },
  replay: { contacts: 200, events: 4_000, rounds: 1 },
  score: { contacts: 50, events: 1_000, rounds: 1 },
  intake: { events: 200, contacts: 20, stored: 400, batch: 100, inFlight: 2, rounds: 1 },
  alert: { rate: 50, seconds: 1, every: 5, rounds: 1 },
  command: { rounds: 1 },
  memory: { contacts: 60 },
};

/** What can be measured, in the order of the table. */
const PARTS: Readonly<
  Record<keyof typeof FULL, (sizes: typeof FULL, seed: number) => Promise<readonly Outcome[]>>
> = {
  rules: ({ rules }, seed) => measureRules({ ...rules, seed }),
  replay: ({ replay }, seed) => measureReplay({ ...replay, seed }),
  score: ({ score }, seed) => measureScore({ ...score, seed }),
  intake: ({ intake }) => measureIntake(intake, process.env.DATABASE_URL),
  alert: ({ alert }) => measureAlert(alert, process.env.DATABASE_URL),
  command: ({ command }) => measureCommands(command),
  memory: ({ memory }, seed) => measureMemory({ ...memory, seed }),
};

/** A wrong word on the command line. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { quick, json, only, set, seed } = readOptions();
  const sizes = withSizes(quick ? QUICK : FULL, set);
  const say = json ? console.error : console.log;
  say(`${describeMachine()}\n${quick ? 'Tiny sizes: the ratios mean nothing.\n' : ''}`);
  const outcomes: Outcome[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const outcome of await measure(sizes, seed)) {
      outcomes.push(outcome);
      if (!json) continue;
      if (outcome.kind === 'ratio') console.log(printJson(outcome));
      else console.error(`${outcome.name}: skipped: ${outcome.reason}`);
    }
  }
  if (!json) console.log(printTable(outcomes));
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      set: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
    },
  });
  const strange = values.only.find(name => !Object.hasOwn(PARTS, name));
  if (strange !== undefined)
    throw new UsageError(`--only ${strange}: expected one of ${Object.keys(PARTS).join(', ')}`);
  return { ...values, seed: wholeNumber('--seed', values.seed) };
}

function withSizes(sizes: typeof FULL, changes: readonly string[]): typeof FULL {
  const changed = structuredClone(sizes);
  for (const change of changes) {
    const [name = '', value = ''] = change.split('=');
    const [part = '', size = ''] = name.split('.');
    const found = Object.entries(changed).find(([key]) => key === part)?.[1];
    if (found === undefined || !Object.hasOwn(found, size))
      throw new UsageError(`--set ${change}: expected one of ${sizeNames(sizes).join(', ')}`);
    Object.assign(found, { [size]: wholeNumber(`--set ${name}`, value) });
  }
  return changed;
}

function sizeNames(sizes: typeof FULL): readonly string[] {
  return Object.entries(sizes).flatMap(([part, of]) => Object.keys(of).map(size => `${part}.${size}`));
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${option}: expected a whole number above 0, got "${text}"`);
}

try {
  await main();
} catch (error) {
  // A TypeError with a code is an option that is not known.
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  if (!isUsage) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
