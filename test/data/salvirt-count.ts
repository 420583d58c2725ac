import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One opportunity of a software vendor, and what its seller knew by the questions of BANT; an empty cell is a question not asked. */
export interface SalvirtRow {
  readonly answers: Readonly<Record<'budget' | 'authority' | 'need', string>>;
  readonly isWon: boolean;
}

/** Reads the opportunities of Salvirt by nothing but splitting: their cells hold no quotes, commas or line ends. */
export function readSalvirt(folder: string): readonly SalvirtRow[] {
  const text = readFileSync(join(folder, 'salvirt_b2b.csv'), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  return lines.map(line => {
    const cells = line.split(',');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const answers = { budget: cell('Budgt_alloc'), authority: cell('Authority'), need: cell('Needs_def') };
    return { answers, isWon: cell('Status') === 'Won' };
  });
}

/** How many of the questions of some leads have a value, are unknown, or were not asked; and how many of these leads were won. */
export interface WonBy {
  readonly valued: number;
  readonly unknown: number;
  readonly missing: number;
  readonly leads: number;
  readonly won: number;
}

/** Counts won and lost by how much was known, straight from the rows and without any code of Baton; no row says anything of the timeline. */
export function countWon(rows: readonly SalvirtRow[]): readonly WonBy[] {
  const groups = new Map<string, { -readonly [Key in keyof WonBy]: WonBy[Key] }>();
  for (const { answers, isWon } of rows) {
    const given = Object.values(answers);
    const unknown = given.filter(answer => answer === 'Unknown').length;
    const missing = given.filter(answer => answer === '').length + 1;
    const valued = 4 - unknown - missing;
    const key = `${valued} ${unknown}`;
    const group = groups.get(key) ?? { valued, unknown, missing, leads: 0, won: 0 };
    groups.set(key, group);
    group.leads += 1;
    group.won += isWon ? 1 : 0;
  }
  return [...groups.values()].sort((a, b) => b.valued - a.valued || b.unknown - a.unknown);
}
