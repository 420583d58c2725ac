import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInstant } from '../src/core/time/instant.ts';
import { buildWhereStale } from './build.ts';
import { writeContacts, writeEvents } from './call.ts';
import { makeChance } from './chance.ts';
import { run } from './child.ts';
import { YEAR } from './column.ts';
import type { Outcome } from './ratio.ts';
import { expectSame } from './same.ts';
import { inTurns, seconds } from './turn.ts';
import { count } from './word.ts';

const BATON = 'bin/baton.js';
const PARSE = fileURLToPath(new URL('./parse.js', import.meta.url));
const AGREEMENT = 'templates/b2b-saas.yaml';

/**
 * `baton score` from files to lines with the B2B template, against a process that reads and parses the same events and
 * does nothing with them. The files are written once, then read from the memory of the operating system by both.
 */
export async function measureScore(sizes: {
  readonly seed: number;
  readonly contacts: number;
  readonly events: number;
  readonly rounds: number;
}): Promise<readonly Outcome[]> {
  buildWhereStale();
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  try {
    return [await measureIn(folder, sizes)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string, sizes: Parameters<typeof measureScore>[0]): Promise<Outcome> {
  const [contacts, events] = [join(folder, 'contacts.jsonl'), join(folder, 'events.jsonl')];
  const [scores, lines] = [join(folder, 'scores.jsonl'), join(folder, 'lines')];
  const chance = makeChance(sizes.seed);
  writeContacts(contacts, chance, sizes.contacts);
  writeEvents(events, chance, sizes);
  const files = ['--agreement', AGREEMENT, '--contacts', contacts, '--events', events];
  const sides = {
    ours: () => seconds(() => run(BATON, ['score', ...files, '--at', formatInstant(YEAR.to)], scores)),
    theirs: () => seconds(() => run(PARSE, [events], lines)),
  };
  const { ours, theirs } = await inTurns(sides, sizes.rounds);
  expectSame('contacts scored and contacts made', [[countLines(scores)], [sizes.contacts]]);
  expectSame('events parsed and events made', [[readFileSync(lines, 'utf8').trim()], [String(sizes.events)]]);
  const bytes = statSync(events).size / sizes.events;
  return {
    kind: 'ratio',
    name: 'score',
    ratio: theirs / ours,
    reach: 0.5,
    unit: 'events a second of baton score / of reading and parsing the same file alone',
    detail:
      `${count(sizes.events)} events of ${count(sizes.contacts)} contacts, ${count(bytes)} bytes each: ` +
      `baton score ${count(sizes.events / ours)} events/s (${ours.toFixed(1)} s), ` +
      `parsing ${count(sizes.events / theirs)} events/s (${theirs.toFixed(1)} s)`,
  };
}

function countLines(file: string): number {
  const bytes = readFileSync(file);
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}
