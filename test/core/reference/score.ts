import { holds } from './condition.ts';
import { type Facts, profileField } from './facts.ts';
import { isObject, type Json, list, number, object, text } from './json.ts';
import { contribution, didHolds } from './rule.ts';
import { printed } from './time.ts';

/** What `baton score` prints of a contact but for `id`, `at` and `nextChangeAt`. */
export type Result = { readonly applies: false } | Scored;

type Scored = {
  readonly scores: Readonly<Record<string, number>>;
  readonly total: number;
  readonly lines: readonly Line[];
  readonly grade: string | null;
  readonly disqualified: readonly string[];
  readonly qualifies: string | null;
};

type Line = {
  readonly rule: string | null;
  readonly label: string;
  readonly score: string;
  readonly group?: string;
  readonly points: number;
  readonly count?: number;
  readonly lastAt?: string;
};

/** Scores one contact at `t`, epoch milliseconds, from nothing but the facts. */
export function scoreAt(agreement: Json, facts: Facts, t: number): Result {
  const profile = { field: (name: string): unknown => profileField(facts, name), t };
  if (t < facts.createdAt || !holds(agreement.applies, profile)) return { applies: false };
  const scores: Record<string, number> = {};
  const lines: Line[] = [];
  let total = 0;
  for (const name of Object.keys(object(agreement.scores))) {
    const one = scoreOf(name, { agreement, facts, t });
    scores[name] = one.points;
    total += one.points;
    lines.push(...one.lines);
  }
  const outcome = {
    field: (name: string): unknown => {
      if (name === 'total') return total;
      return name.startsWith('score.') ? scores[name.slice('score.'.length)] : profileField(facts, name);
    },
    t,
  };
  const evidenceHolds = (one: Json): boolean => one.did === undefined || didHolds(object(one.did), facts, t);
  const disqualified = list(agreement.disqualify)
    .map(object)
    .filter(one => holds(one.when, profile) && evidenceHolds(one))
    .map(one => text(one.id));
  const path = list(agreement.mql)
    .map(object)
    .find(one => holds(one.when, outcome) && evidenceHolds(one));
  return {
    scores,
    total,
    lines,
    grade: gradeOf(agreement, scores),
    disqualified,
    qualifies: path === undefined || disqualified.length > 0 ? null : text(path.id),
  };
}

type Question = { readonly agreement: Json; readonly facts: Facts; readonly t: number };

function scoreOf(name: string, { agreement, facts, t }: Question): { points: number; lines: Line[] } {
  const ruleLines: (Line & { rule: string })[] = [];
  for (const rule of list(agreement.rules).map(object)) {
    if (rule.score !== name) continue;
    const { points, label, count, lastAt } = contribution(rule, facts, t);
    if (points === 0) continue;
    ruleLines.push({
      rule: text(rule.id),
      label,
      score: name,
      ...(rule.group === undefined ? {} : { group: text(rule.group) }),
      points,
      ...(count === undefined ? {} : { count }),
      ...(lastAt === undefined ? {} : { lastAt: printed(lastAt) }),
    });
  }
  ruleLines.sort((one, other) => {
    const bySize = Math.abs(other.points) - Math.abs(one.points);
    return bySize !== 0 ? bySize : one.rule < other.rule ? -1 : 1;
  });
  const clampLines: Line[] = [];
  let sum = 0;
  for (const line of ruleLines) if (line.group === undefined) sum += line.points;
  for (const [group, raw] of Object.entries(object(agreement.groups))) {
    const bounds = object(raw);
    if (bounds.score !== name) continue;
    let inGroup = 0;
    for (const line of ruleLines) if (line.group === group) inGroup += line.points;
    const clamp = clamped(inGroup, { bounds, id: group });
    if (clamp.label !== undefined)
      clampLines.push({
        rule: null,
        label: clamp.label,
        score: name,
        group,
        points: clamp.points - inGroup,
      });
    sum += clamp.points;
  }
  const own = clamped(sum, { bounds: object(object(agreement.scores)[name]), id: name });
  if (own.label !== undefined)
    clampLines.push({ rule: null, label: own.label, score: name, points: own.points - sum });
  return { points: own.points, lines: [...ruleLines, ...clampLines] };
}

type Clamp = { readonly points: number; readonly label?: string };

function clamped(sum: number, { bounds, id }: { readonly bounds: Json; readonly id: string }): Clamp {
  const label = text(bounds.label ?? id);
  if (bounds.max !== undefined && sum > number(bounds.max)) {
    const points = number(bounds.max);
    return { points, label: `${label} capped at ${points}` };
  }
  if (bounds.min !== undefined && sum < number(bounds.min)) {
    const points = number(bounds.min);
    return { points, label: `${label} raised to ${points}` };
  }
  return { points: sum };
}

function gradeOf(agreement: Json, scores: Readonly<Record<string, number>>): string | null {
  const grades = agreement.grades;
  if (!isObject(grades) || Object.keys(grades).length === 0) return null;
  let grade = '';
  for (const [name, points] of Object.entries(scores)) {
    if (!Object.hasOwn(grades, name)) continue;
    const bands = Object.entries(object(grades[name]))
      .map(([mark, threshold]) => ({ mark, threshold: number(threshold) }))
      .sort((one, other) => other.threshold - one.threshold);
    const reached = bands.find(band => points >= band.threshold);
    grade += reached?.mark ?? markAfter(text(bands.at(-1)?.mark));
  }
  return grade;
}

function markAfter(mark: string): string {
  return /^[0-9]+$/.test(mark) ? String(Number(mark) + 1) : String.fromCharCode(mark.charCodeAt(0) + 1);
}
