import { execFileSync, spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/** Long enough for a compilation and nine small processes on a busy machine. */
const TIMEOUT_MS = 300_000;

const NAMES = [
  ...['rules', 'rules-closures', 'replay', 'score', 'intake', 'intake-stored', 'alert'],
  ...['help', 'validate', 'memory'],
];

const line = z.strictObject({
  name: z.string(),
  ratio: z.number().positive(),
  reach: z.number().positive(),
  unit: z.string().min(1),
  detail: z.string().min(1),
});

beforeAll(() => {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.bench.json'], { stdio: ['ignore', 2, 2] });
}, TIMEOUT_MS);

/** The bench as it was compiled before the tests. */
function bench(...options: readonly string[]) {
  return spawnSync(process.execPath, ['node_modules/.cache/bench/bench/main.js', ...options], {
    encoding: 'utf8',
  });
}

test(
  'the bench runs, both sides of every comparison agree, and each ratio is a line of JSON or skipped with a reason',
  () => {
    const { status, stdout, stderr } = spawnSync(
      'npm',
      ['run', '--silent', 'bench', '--', '--quick', '--json'],
      { encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const ratios = lines.map(text => line.parse(JSON.parse(text)));
    const measured = ratios.map(({ name }) => name);
    const skipped = [...stderr.matchAll(/^(\S+): skipped: .+/gm)].map(match => match[1]);
    expect([...measured, ...skipped].toSorted()).toEqual(NAMES.toSorted());
    expect(measured).toEqual(expect.arrayContaining(['rules-closures', 'score', 'help', 'validate']));
    if (process.env.DATABASE_URL === undefined)
      expect(skipped).toEqual(expect.arrayContaining(['intake', 'alert']));
    // Of all ratios the only one that tiny sizes do not make meaningless: most of the memory is taken before the first lead.
    expect(ratios.filter(({ name, ratio, reach }) => name === 'memory' && ratio < reach)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'one part alone prints the machine, the versions and a table',
  () => {
    const { status, stdout, stderr } = bench('--quick', '--only', 'rules');
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`Node ${process.versions.node}`);
    expect(stdout).toMatch(/^name +ratio +reach/m);
    expect(stdout).toMatch(/^rules-closures +\S+ +0\.2 /m);
    expect(stdout).not.toMatch(/^replay/m);
  },
  TIMEOUT_MS,
);

test.each([
  {
    options: ['--only', 'speed'],
    says: '--only speed: expected one of rules, replay, score, intake, alert, command, memory',
  },
  { options: ['--set', 'replay.users=3'], says: '--set replay.users=3: expected one of rules.contacts, ' },
  { options: ['--set', 'replay.events=few'], says: '--set replay.events: expected a whole number above 0' },
  { options: ['--fast'], says: "Unknown option '--fast'" },
])(
  '$options is refused with what was expected',
  ({ options, says }) => {
    const { status, stderr } = bench(...options);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  },
  TIMEOUT_MS,
);
