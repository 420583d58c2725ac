import type { Agreement } from '../agreement/agreement.ts';
import { type Check, type Condition, isLowerBound } from '../condition/condition.ts';
import { compileCondition, makeFieldTable, readFields } from '../condition/predicate.ts';
import { isObject } from '../condition/reading.ts';
import { conditionWords, makeSpelling } from '../condition/words.ts';
import type { Profile } from '../contact/profile.ts';
import type { Breakdown } from '../scoring/score.ts';
import { oneLine } from '../text/safe.ts';
import { formatInstant } from '../time/instant.ts';
import type { FailingCondition } from './shape.ts';
import { valueIn, valueWords } from './view.ts';

/** What a condition is held against. `at` and `createdAt` are epoch ms. */
export interface Standing {
  readonly agreement: Agreement;
  readonly profile: Profile;
  readonly score: Breakdown;
  readonly createdAt: number;
  readonly at: number;
}

/** What would make a condition hold: the least that scores must be (by id; the total by `''`), and what fails beside. */
export interface Need {
  readonly least: ReadonlyMap<string, number>;
  readonly failing: readonly FailingCondition[];
  readonly isHopeless: boolean;
}

/** The key of the total among scores: no score has a blank id. */
export const TOTAL = '';

const NOTHING: Need = { least: new Map(), failing: [], isHopeless: false };
/**
 * The most ways to meet a condition that are compared; it bounds the work on conditions too long for anybody
 * to read.
 */
const MAX_WAYS = 64;
const MAX_WORDS = 160;

/**
 * The nearest way to make a condition hold: exact over `all` and `any` of thresholds on scores and the total; anything else
 * that fails is a fact in words. An empty need where it holds.
 */
export function needOf(condition: Condition, standing: Standing): Need {
  return waysToMeet(condition, standing)[0] ?? NOTHING;
}

function waysToMeet(condition: Condition, standing: Standing): readonly Need[] {
  if (holdsFor(condition, standing)) return [NOTHING];
  switch (condition.kind) {
    case 'not':
      return [failing(condition, standing)];
    case 'any': {
      const ways = condition.of.flatMap(part => waysToMeet(part, standing));
      return ways.length === 0 ? [{ ...NOTHING, isHopeless: true }] : nearest(ways, standing);
    }
    case 'all':
      return condition.of.reduce<readonly Need[]>(
        (met, part) => nearest(both(met, waysToMeet(part, standing)), standing),
        [NOTHING],
      );
    case 'field': {
      const { field } = condition;
      const failed = condition.checks
        .map(check => ({ ...condition, checks: [check] }))
        .filter(one => !holdsFor(one, standing));
      if (field.source !== 'score' && field.source !== 'total')
        return [failing({ ...condition, checks: failed.flatMap(({ checks }) => checks) }, standing)];
      const key = field.source === 'total' ? TOTAL : (field.path[0] ?? TOTAL);
      return failed.reduce<readonly Need[]>(
        (met, one) => {
          const least = leastFor(one.checks[0]);
          const need =
            least === null ? failing(one, standing) : { ...NOTHING, least: new Map([[key, least]]) };
          return both(met, [need]);
        },
        [NOTHING],
      );
    }
  }
}

/** The least whole number above a lower threshold; null for any other check. */
function leastFor(check: Check | undefined): number | null {
  if (check === undefined || !isLowerBound(check)) return null;
  return check.by === 'gte' ? Math.ceil(check.operand) : Math.floor(check.operand) + 1;
}

function both(some: readonly Need[], others: readonly Need[]): readonly Need[] {
  return some.flatMap(one => others.map(other => joined(one, other)));
}

function joined(one: Need, other: Need): Need {
  const least = new Map(one.least);
  for (const [key, value] of other.least) least.set(key, Math.max(value, least.get(key) ?? value));
  return {
    least,
    failing: [...one.failing, ...other.failing],
    isHopeless: one.isHopeless || other.isHopeless,
  };
}

function nearest(ways: readonly Need[], standing: Standing): readonly Need[] {
  if (ways.length === 1) return ways;
  const weighed = ways.map(need => ({
    need,
    out: isReachable(need, standing) ? 0 : 1,
    points: fewestPoints(need, standing.score),
  }));
  weighed.sort(
    (a, b) => a.out - b.out || a.need.failing.length - b.need.failing.length || a.points - b.points,
  );
  return weighed.slice(0, MAX_WAYS).map(({ need }) => need);
}

/** The fewest points that meet all thresholds of a need: what scores lack counts for the total too. */
export function fewestPoints({ least }: Need, score: Pick<Breakdown, 'scores' | 'total'>): number {
  let points = 0;
  for (const [key, needed] of least)
    if (key !== TOTAL) points += Math.max(0, needed - (score.scores[key] ?? 0));
  return Math.max(points, (least.get(TOTAL) ?? score.total) - score.total);
}

/** Whether the bounds of the scores allow what a need asks for. */
export function isReachable({ least, isHopeless }: Need, { agreement }: Standing): boolean {
  if (isHopeless) return false;
  const mostOf = (id: string) =>
    agreement.scores.find(score => score.id === id)?.max ?? Number.POSITIVE_INFINITY;
  const most = agreement.scores.reduce((sum, { id }) => sum + mostOf(id), 0);
  return [...least].every(([key, needed]) => needed <= (key === TOTAL ? most : mostOf(key)));
}

function failing(condition: Condition, { agreement, profile }: Standing): Need {
  const words = wordsOf(condition, agreement);
  const isField =
    condition.kind === 'field' &&
    (condition.field.source === 'contact' || condition.field.source === 'company');
  const fact = isField
    ? {
        words,
        field: oneLine([condition.field.source, ...condition.field.path].join('.'), MAX_WORDS),
        is: valueWords(valueIn(profile, condition.field)),
      }
    : { words, field: null, is: null };
  return { ...NOTHING, failing: [fact] };
}

/** A condition in words, on one line. */
export function wordsOf(condition: Condition, agreement: Agreement): string {
  return oneLine(conditionWords(condition, makeSpelling(agreement)), MAX_WORDS);
}

/** Whether a condition of a path or a disqualifier holds. */
export function holdsFor(
  condition: Condition,
  { agreement, profile, score, createdAt, at }: Standing,
): boolean {
  const ids = agreement.scores.map(({ id }) => id);
  const table = makeFieldTable(ids);
  const predicate = compileCondition(condition, table);
  const contact = {
    ...(isObject(profile.contact) ? profile.contact : {}),
    createdAt: formatInstant(createdAt),
  };
  const readings = readFields(table, { contact, company: profile.company });
  return predicate(readings, at, [...ids.map(id => score.scores[id] ?? 0), score.total]);
}
