import type { Agreement, Did, Disqualifier, Evidence, Group, Path, Rule } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';
import { compileMatches, type Matcher } from '../condition/event.ts';
import {
  compileCondition,
  type FieldTable,
  findField,
  makeFieldTable,
  type Predicate,
} from '../condition/predicate.ts';
import type { Decay } from '../time/decay.ts';
import { unreachable } from '../unreachable.ts';
import type { Line } from './line.ts';
import type { TallyPlan } from './tally.ts';
import { makeTrackers, type Trackers } from './tracker.ts';

/**
 * An agreement made ready to run. Each distinct event match has a slot number; a contact's history is, for scoring,
 * the ascending times of the events of each slot. Slot 0 holds every event.
 */
export interface Program {
  readonly agreement: Agreement;
  readonly slots: number;
  readonly slotsOf: Matcher;
  /** The names of all events that some slot can match, as they are compared. */
  readonly eventNames: readonly string[];
  /** Whether some rule counts events of every name. */
  readonly usesAnyEvent: boolean;
  /** What is kept of a contact's events. */
  readonly plan: TallyPlan;
  readonly table: FieldTable;
  /** The field number of `contact.createdAt`; null when no condition reads it. */
  readonly createdAtField: number | null;
  /** The contacts that the agreement scores; null: everybody. */
  readonly applies: Predicate | null;
  readonly rules: readonly CompiledRule[];
  /** For each score its rules, the heaviest first, and its groups. */
  readonly sheets: readonly { readonly rules: readonly CompiledRule[]; readonly groups: readonly Group[] }[];
  /** Every score and the total at 0, in their order; and the scores by id. */
  readonly noSums: readonly number[];
  readonly noScores: Readonly<Record<string, number>>;
  readonly disqualify: readonly CompiledPath[];
  readonly mql: readonly CompiledPath[];
}

export interface CompiledRule {
  /** Its number among the rules. */
  readonly index: number;
  readonly rule: Rule;
  readonly scoreIndex: number;
  /** Its group's number among those of the score; -1 without one. */
  readonly groupIndex: number;
  readonly gate: Predicate | null;
  readonly evidence: CompiledEvidence;
  /** The line of a rule whose points are fixed; that of any other is made when it is needed. */
  readonly line: Line;
}

export type CompiledEvidence =
  | { readonly kind: 'trait'; readonly points: number }
  | {
      readonly kind: 'cases';
      readonly cases: readonly { readonly when: Predicate; readonly points: number; readonly line: Line }[];
    }
  | CompiledStream
  | CompiledRecent
  | {
      readonly kind: 'pattern';
      readonly points: number;
      readonly pattern: number;
      readonly windowMs: number | null;
      readonly decay: Decay | null;
    }
  | { readonly kind: 'quiet'; readonly points: number; readonly ring: number; readonly quietMs: number };

/** Occurrences without a limit: how many there are, and what they are worth, is kept as they come. */
export interface CompiledStream {
  readonly kind: 'stream';
  readonly points: number;
  readonly decay: Decay | null;
  /** The flow that counts the occurrences. */
  readonly count: number;
  /** The flow whose sum they are worth. */
  readonly worth: number;
  /** With stepwise decay they are worth the numbers in these flows instead, each times a percentage. */
  readonly parts: readonly { readonly flow: number; readonly percent: number }[];
}

/** Occurrences up to a limit: the latest are kept one by one. */
export interface CompiledRecent {
  readonly kind: 'recent';
  readonly points: number;
  readonly ring: number;
  readonly windowMs: number | null;
  readonly decay: Decay | null;
}

export interface CompiledPath {
  readonly id: string;
  readonly when: Predicate | null;
  readonly did: { readonly ring: number; readonly withinMs: number | null; readonly times: number } | null;
}

/** Compiles an agreement once; the program scores any number of contacts. */
export function compile(agreement: Agreement): Program {
  const table = makeFieldTable(agreement.scores.map(({ id }) => id));
  const trackers = makeTrackers();
  const predicate = (condition: Condition | null) =>
    condition === null ? null : compileCondition(condition, table);
  const did = (raw: Did | null) =>
    raw === null
      ? null
      : { ring: trackers.ring(trackers.slot(raw.on), raw.times), withinMs: raw.withinMs, times: raw.times };
  const path = (raw: Path | Disqualifier): CompiledPath => ({
    id: raw.id,
    when: predicate(raw.when),
    did: did(raw.did),
  });
  const applies = predicate(agreement.applies);
  const rules = agreement.rules.map(
    (raw, index): CompiledRule => ({
      index,
      rule: raw,
      scoreIndex: agreement.scores.findIndex(score => score.id === raw.score),
      groupIndex: agreement.groups
        .filter(group => group.score === raw.score)
        .findIndex(group => group.id === raw.group),
      gate: predicate(raw.when),
      evidence: compileEvidence(raw, { table, trackers }),
      line: lineOf(raw, { label: raw.label, points: pointsIn(raw.evidence) }),
    }),
  );
  const [disqualify, mql] = [agreement.disqualify.map(path), agreement.mql.map(path)];
  const matches = trackers.matches();
  return {
    agreement,
    applies,
    rules,
    sheets: agreement.scores.map((score, scoreIndex) => ({
      rules: byWeight(rules, scoreIndex),
      groups: agreement.groups.filter(group => group.score === score.id),
    })),
    noSums: [...agreement.scores.map(() => 0), 0],
    noScores: Object.fromEntries(agreement.scores.map(({ id }) => [id, 0])),
    disqualify,
    mql,
    createdAtField: findField(table, { source: 'contact', path: ['createdAt'] }),
    table,
    slots: matches.length,
    eventNames: [...new Set(matches.flatMap(match => match?.names ?? []))],
    usesAnyEvent: agreement.rules.some(({ evidence }) => evidence.kind === 'quiet' && evidence.of === null),
    slotsOf: compileMatches(matches),
    plan: trackers.plan(),
  };
}

/** The rules of a score in the order in which their lines stand when each gives its points once. */
function byWeight(rules: readonly CompiledRule[], scoreIndex: number): readonly CompiledRule[] {
  return rules
    .filter(rule => rule.scoreIndex === scoreIndex)
    .sort((a, b) => Math.abs(b.line.points) - Math.abs(a.line.points) || (a.rule.id < b.rule.id ? -1 : 1));
}

function pointsIn(evidence: Evidence): number {
  return evidence.kind === 'cases' ? 0 : evidence.points;
}

function lineOf(rule: Rule, { label, points }: { readonly label: string; readonly points: number }): Line {
  const { id, score, group } = rule;
  return { rule: id, label, score, group, points, count: null, lastAt: null };
}

function compileEvidence(
  rule: Rule,
  into: { readonly table: FieldTable; readonly trackers: Trackers },
): CompiledEvidence {
  const { evidence } = rule;
  const { trackers, table } = into;
  switch (evidence.kind) {
    case 'trait':
      return evidence;
    case 'cases':
      return {
        kind: 'cases',
        cases: evidence.cases.map(entry => ({
          when: compileCondition(entry.when, table),
          points: entry.points,
          line: lineOf(rule, entry),
        })),
      };
    case 'occurrences': {
      const { points, windowMs, limit, decay } = evidence;
      const slot = trackers.slot(evidence.on);
      if (limit === null) return compileStream(evidence, slot, trackers);
      return { kind: 'recent', points, ring: trackers.ring(slot, limit), windowMs, decay };
    }
    case 'pattern': {
      const { points, windowMs, decay, withinMs } = evidence;
      const items = evidence.items.map(({ on, times }) => {
        const slot = trackers.slot(on);
        return { slot, times, ring: trackers.ring(slot, times) };
      });
      return { kind: 'pattern', points, pattern: trackers.pattern({ items, withinMs }), windowMs, decay };
    }
    case 'quiet': {
      const ring = trackers.ring(trackers.slot(evidence.of), 1);
      return { kind: 'quiet', points: evidence.points, ring, quietMs: evidence.quietMs };
    }
    default:
      return unreachable(evidence);
  }
}

function compileStream(
  evidence: Extract<Evidence, { kind: 'occurrences' }>,
  slot: number,
  trackers: Trackers,
): CompiledStream {
  const { points, decay, windowMs } = evidence;
  const flow = (reachMs: number | null, of: TallyPlan['flows'][number]['decay'] = null) =>
    trackers.flow({
      slot,
      reachMs,
      decay: of,
      fadePerMs: of?.kind === 'halfLife' ? Math.LN2 / of.durationMs : 0,
    });
  const shorter = (ms: number) => (windowMs === null ? ms : Math.min(ms, windowMs));
  const stream = { kind: 'stream', points, decay } as const;
  switch (decay?.kind) {
    case undefined:
      return { ...stream, count: flow(windowMs), worth: flow(windowMs), parts: [] };
    case 'halfLife': {
      const index = flow(windowMs, { kind: 'halfLife', durationMs: decay.durationMs });
      return { ...stream, count: index, worth: index, parts: [] };
    }
    case 'linear': {
      const reachMs = shorter(decay.durationMs);
      const index = flow(reachMs, { kind: 'linear', durationMs: decay.durationMs });
      const count = reachMs === windowMs ? index : flow(windowMs);
      return { ...stream, count, worth: index, parts: [] };
    }
    case 'lose': {
      // Worth 100 % until the first step, p less after each: Σ of p times those not past each step, and what is left of
      // the last one, which is shorter.
      const steps = Math.ceil(100 / decay.percent);
      const parts = Array.from({ length: steps }, (_, index) => ({
        flow: flow(shorter((index + 1) * decay.everyMs)),
        percent: index + 1 < steps ? decay.percent : 100 - decay.percent * (steps - 1),
      }));
      return { ...stream, count: flow(windowMs), worth: flow(windowMs), parts };
    }
    default:
      return unreachable(decay);
  }
}
