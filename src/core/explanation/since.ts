import { capital, uncapital } from '../condition/words.ts';
import { deedWords } from '../scoring/ground.ts';
import type { ScoreLine } from '../scoring/print.ts';
import { listed } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';
import { parseInstant } from '../time/instant.ts';
import { DATED } from '../time/recency.ts';
import { deedOf } from './behaviour.ts';

/** A score at one time, as it is kept with its lines. */
interface KeptScore {
  readonly total: number;
  readonly grade: string | null;
  readonly version: number;
  /** Null where they were not kept. */
  readonly lines: readonly ScoreLine[] | null;
}

/** How many lines a reason names. */
const MAX_LINES = 2;
const MAX_LABEL = 60;

/**
 * Why a score is another one than at a handoff (epoch ms), by the lines that moved it most: what the lead did since, what
 * became known, what no longer counts. Empty where the score is the same, or the lines are not known.
 *
 * @example sinceWords({ total: 0, grade: null, version: 1, lines: [], at: 0 }, { total: 0, grade: null, version: 1, lines: [] }) // ''
 */
export function sinceWords(then: KeptScore & { readonly at: number }, now: KeptScore): string {
  const difference = now.total - then.total;
  if (difference === 0 && now.grade === then.grade) return '';
  const isNewVersion = now.version !== then.version;
  const moved = movedLines(then.lines ?? [], now.lines ?? []);
  const known = now.lines === null ? [] : moved;
  const told = known
    .filter(line => difference === 0 || Math.sign(line.points) === Math.sign(difference))
    .slice(0, MAX_LINES)
    .map(line => lineSince(line, then.at));
  if (told.length > 0) return capital(listed(told, 'and'));
  return isNewVersion ? 'The agreement changed since' : '';
}

interface Moved {
  readonly was: ScoreLine | undefined;
  readonly is: ScoreLine | undefined;
  readonly points: number;
}

/** The rules that give other points than before, the heaviest first. */
function movedLines(before: readonly ScoreLine[], after: readonly ScoreLine[]): readonly Moved[] {
  const rules = new Set([...before, ...after].flatMap(({ rule }) => rule ?? []));
  return [...rules]
    .map(rule => {
      const [was, is] = [before, after].map(lines => lines.find(line => line.rule === rule));
      return { was, is, points: (is?.points ?? 0) - (was?.points ?? 0) };
    })
    .filter(({ points }) => points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

function lineSince({ was, is, points }: Moved, at: number): string {
  const label = uncapital(oneLine((is ?? was)?.label ?? '', MAX_LABEL));
  if (is === undefined) {
    return was?.count === undefined ? `no longer “${label}”` : `“${label}” no longer counts`;
  }
  const lastAt = is.lastAt === undefined ? null : parseInstant(is.lastAt);
  if (is.count === undefined || lastAt === null) return `now “${label}”`;
  if (lastAt <= at) return points < 0 ? `“${label}” counts less by now` : `“${label}” counts more by now`;
  const more = Math.max(1, is.count - (was?.count ?? 0));
  const done = deedOf({ label: is.label, count: more, lastAt }, null, { at, times: null });
  return `${deedWords({ ...done, lastAt: null }, DATED)} since`;
}
