import type { Agreement, Rule } from '../agreement/agreement.ts';
import type { Condition, Field } from '../condition/condition.ts';
import { compileMatches, type EventMatch, type Happening } from '../condition/event.ts';
import { read } from '../condition/reading.ts';
import type { Line } from '../scoring/line.ts';
import { compile, type Program } from '../scoring/program.ts';
import { makeSubject, scoreAt, sumsWith } from '../scoring/score.ts';
import { signed, timesWords } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';
import type { Suggestion } from './shape.ts';
import { fewestPoints, holdsFor, type Need, type Standing, TOTAL } from './shortfall.ts';
import { conditionsOf, fieldsIn, isTrait, valueIn } from './view.ts';

/** A lead whose next steps are weighed: where it stands, and its events up to then in order. */
export interface Aspirant extends Standing {
  readonly program: Program;
  readonly events: readonly Happening[];
}

/** How many ways are shown. */
const MAX_WAYS = 3;
/** The most rules that are tried, the heaviest first; it bounds the work under an agreement of 500. */
const MAX_TRIED = 40;
/** How often something is thought of as happening at most. */
const MAX_TIMES = 10;
const MAX_LABEL = 80;

/** Finds the ways of one lead; what it weighed for one path serves the next. */
type SuggestionFinder = (need: Need) => readonly Suggestion[];

/**
 * Prepares to find the rules that could give missing points: what somebody can still do, and what of the profile is not
 * known yet. Each is tried on the score, with limits, caps and what else the same event counts for.
 */
export function makeSuggestionFinder(lead: Aspirant): SuggestionFinder {
  const { agreement } = lead;
  const moves = movesOf(lead);
  const base = pointsNow(lead);
  const sumsOf = (changed: ReadonlyMap<number, number>) => {
    const sums = sumsWith(
      lead.program,
      base.map((points, index) => changed.get(index) ?? points),
    );
    const scores = Object.fromEntries(agreement.scores.map(({ id }, index) => [id, sums[index] ?? 0]));
    return { scores, total: sums.at(-1) ?? 0 };
  };
  const now = sumsOf(new Map());
  const gainOf = (need: Need, then: typeof now) => {
    if (need.least.has(TOTAL)) return then.total - now.total;
    return [...need.least.keys()].reduce(
      (sum, id) => sum + (then.scores[id] ?? 0) - (now.scores[id] ?? 0),
      0,
    );
  };
  return need => {
    const short = fewestPoints(need, now);
    const leftAfter = (move: Move, times: number) => fewestPoints(need, sumsOf(move.points(times)));
    const found = moves.flatMap(move => {
      const times = fewestTimes(move.most, count => leftAfter(move, count) <= 0) ?? 1;
      const left = leftAfter(move, times);
      if (left >= short) return [];
      return [{ move, times, left, gain: gainOf(need, sumsOf(move.points(times))) }];
    });
    found.sort(
      (a, b) =>
        Number(a.left > 0) - Number(b.left > 0) || a.times - b.times || a.left - b.left || b.gain - a.gain,
    );
    return found
      .slice(0, MAX_WAYS)
      .map(({ move, times, left, gain }) => wayOf(move, { times, gain, closes: left <= 0 }));
  };
}

/** The least count from 1 to `most` that is enough, more never being less; null when none is. */
function fewestTimes(most: number, isEnough: (count: number) => boolean): number | null {
  if (!isEnough(most)) return null;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function wayOf(
  { rule, kind }: Move,
  { times, gain, closes }: { readonly times: number; readonly gain: number; readonly closes: boolean },
): Suggestion {
  const label = oneLine(rule.label, MAX_LABEL);
  const how = kind === 'profile' ? 'if that becomes known' : timesWords(times);
  const up = kind === 'profile' ? `up to ${signed(gain)}` : signed(gain);
  return { rule: rule.id, label, kind, times, gain, closes, text: `${label}, ${how} (${up})` };
}

interface Move {
  readonly rule: Rule;
  readonly kind: Suggestion['kind'];
  readonly most: number;
  /** The points of rules, by their number, after it happened so often. */
  readonly points: (times: number) => ReadonlyMap<number, number>;
}

function movesOf(lead: Aspirant): readonly Move[] {
  const { rules } = lead.agreement;
  const tried = rules
    .filter(rule => rule.evidence.kind !== 'quiet' && worth(rule) > 0)
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, MAX_TRIED);
  const timesOf = makeTimes(lead);
  return tried.flatMap(rule => moveOf(rule, lead, timesOf) ?? []);
}

/** The most that a rule gives at once. */
function worth({ evidence }: Rule): number {
  return evidence.kind === 'cases'
    ? Math.max(0, ...evidence.cases.map(({ points }) => points))
    : evidence.points;
}

function moveOf(rule: Rule, lead: Aspirant, timesOf: TimesOf): Move | null {
  const { rules } = lead.agreement;
  const { evidence } = rule;
  const index = rules.indexOf(rule);
  switch (evidence.kind) {
    case 'occurrences': {
      const also = rules.filter(other => other === rule || countsToo(other, evidence.on));
      const broken = rules
        .filter(other => isBroken(other, evidence.on))
        .map(other => [rules.indexOf(other), 0] as const);
      const points = memo(
        times =>
          new Map([
            ...broken,
            ...also.map(
              other => [rules.indexOf(other), pointsAfter(other, times, { lead, timesOf })] as const,
            ),
          ]),
      );
      return { rule, kind: 'event', most: Math.min(evidence.limit ?? MAX_TIMES, MAX_TIMES), points };
    }
    case 'pattern': {
      const isOpen = rule.when === null || holdsFor(rule.when, lead);
      return isOpen
        ? { rule, kind: 'pattern', most: 1, points: () => new Map([[index, evidence.points]]) }
        : null;
    }
    case 'trait':
    case 'cases': {
      return isUnknown(rule, lead)
        ? { rule, kind: 'profile', most: 1, points: () => new Map([[index, worth(rule)]]) }
        : null;
    }
    default:
      return null;
  }
}

/** Whether none of the fields that decide a rule is known yet. */
function isUnknown(rule: Rule, { profile }: Aspirant): boolean {
  const fields = conditionsOf(rule).flatMap(fieldsIn);
  return fields.length > 0 && fields.every(field => read(valueIn(profile, field)).missing);
}

/**
 * Whether only another value of a known field of the profile could raise a score (the total by `''`): nothing that happens,
 * nothing that becomes known, and no time that passes.
 */
export function isSettled(id: string, { agreement, profile, score }: Standing): boolean {
  const isKnown = (field: Field) => !read(valueIn(profile, field)).missing;
  const open = agreement.rules.filter(rule => {
    const isOwn = id === TOTAL || rule.score === id;
    const now = score.lines.find(line => line.rule === rule.id)?.points ?? 0;
    return isOwn && (!isTrait(rule) || Math.max(0, worth(rule)) > now);
  });
  return (
    open.length > 0 &&
    open.every(
      rule =>
        isTrait(rule) && conditionsOf(rule).every(when => !readsClock(when) && fieldsIn(when).every(isKnown)),
    )
  );
}

function readsClock(condition: Condition): boolean {
  if (condition.kind === 'not') return readsClock(condition.of);
  if (condition.kind !== 'field') return condition.of.some(readsClock);
  return condition.checks.some(({ op }) => op === 'within' || op === 'olderThan');
}

/** Whether an event that one rule counts surely counts for another too. */
function countsToo({ evidence }: Rule, on: EventMatch): boolean {
  return evidence.kind === 'occurrences' && isSurely(evidence.on, on);
}

function isBroken({ evidence }: Rule, on: EventMatch): boolean {
  return evidence.kind === 'quiet' && (evidence.of === null || isSurely(evidence.of, on));
}

function isSurely(match: EventMatch, on: EventMatch): boolean {
  if (JSON.stringify(match) === JSON.stringify(on)) return true;
  return match.where === null && on.names.every(name => match.names.includes(name));
}

type TimesOf = (on: EventMatch) => readonly number[];

/** The times of the events of each match, all found in one walk. */
function makeTimes({ agreement, events, at }: Aspirant): TimesOf {
  const matches = agreement.rules.flatMap(({ evidence }) =>
    evidence.kind === 'occurrences' ? [evidence.on] : [],
  );
  const matcher = compileMatches(matches);
  const times = matches.map((): number[] => []);
  for (const event of events) {
    if (event.at <= at) for (const number of matcher(event)) times[number]?.push(event.at);
  }
  return on => times[matches.indexOf(on)] ?? [];
}

/** What a rule would give if an event that it counts happened so many times more at this instant. */
function pointsAfter(
  rule: Rule,
  times: number,
  of: { readonly lead: Aspirant; readonly timesOf: TimesOf },
): number {
  const { agreement, profile, createdAt, at } = of.lead;
  if (rule.evidence.kind !== 'occurrences') return 0;
  const alone = compile(onlyRule(agreement, rule));
  const more = [...of.timesOf(rule.evidence.on), ...Array.from({ length: times }, () => at)];
  const history = Array.from({ length: alone.slots }, () => more);
  const score = scoreAt(alone, makeSubject(alone, { profile, history, createdAt }), at);
  return score.applies ? score.total : 0;
}

/** An agreement in which the total is what one rule gives. */
function onlyRule(agreement: Agreement, rule: Rule): Agreement {
  const scores = agreement.scores.map(score => ({ ...score, min: null, max: null }));
  return {
    ...agreement,
    applies: null,
    scores,
    groups: [],
    rules: [{ ...rule, group: null }],
    disqualify: [],
    mql: [],
  };
}

function memo<Value>(make: (times: number) => Value): (times: number) => Value {
  const known = new Map<number, Value>();
  return times => {
    const found = known.get(times) ?? make(times);
    known.set(times, found);
    return found;
  };
}

function pointsNow({ agreement, score }: Aspirant): readonly number[] {
  const lineOf = (rule: Rule): Line | undefined => score.lines.find(line => line.rule === rule.id);
  return agreement.rules.map(rule => lineOf(rule)?.points ?? 0);
}
