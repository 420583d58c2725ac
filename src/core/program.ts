import type { Agreement, Did, Disqualifier, Evidence, Path, Rule } from './agreement/agreement.ts';
import type { Condition, Field } from './condition.ts';
import type { Decay } from './decay.ts';
import { compileMatches, type EventMatch, type Matcher } from './event.ts';
import {
  compileCondition,
  type FieldTable,
  fieldNumber,
  findField,
  makeFieldTable,
  type Predicate,
} from './holds.ts';
import { unreachable } from './unreachable.ts';

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
  readonly table: FieldTable;
  /** The field numbers of each score, and of the total, in the readings of a path. */
  readonly scoreFields: readonly number[];
  readonly totalField: number;
  /** The field number of `contact.createdAt`; null when no condition reads it. */
  readonly createdAtField: number | null;
  readonly applies: Predicate;
  readonly rules: readonly CompiledRule[];
  readonly disqualify: readonly CompiledPath[];
  readonly mql: readonly CompiledPath[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly scoreIndex: number;
  readonly groupIndex: number;
  readonly gate: Predicate | null;
  readonly evidence: CompiledEvidence;
}

export type CompiledEvidence =
  | { readonly kind: 'trait'; readonly points: number }
  | {
      readonly kind: 'cases';
      readonly cases: readonly {
        readonly when: Predicate;
        readonly points: number;
        readonly label: string;
      }[];
    }
  | {
      readonly kind: 'occurrences';
      readonly points: number;
      readonly slot: number;
      readonly windowMs: number | null;
      readonly limit: number | null;
      readonly decay: Decay | null;
    }
  | {
      readonly kind: 'pattern';
      readonly points: number;
      readonly items: readonly PatternItem[];
      readonly withinMs: number;
      readonly windowMs: number | null;
      readonly decay: Decay | null;
    }
  | { readonly kind: 'quiet'; readonly points: number; readonly slot: number; readonly quietMs: number };

export interface PatternItem {
  readonly slot: number;
  readonly times: number;
}

export interface CompiledPath {
  readonly id: string;
  readonly when: Predicate | null;
  readonly did: { readonly slot: number; readonly withinMs: number | null; readonly times: number } | null;
}

/** The slot of every event. */
export const ANY_EVENT = 0;

/** Compiles an agreement once; the program scores any number of contacts. */
export function compile(agreement: Agreement): Program {
  const table = makeFieldTable();
  const slots = makeSlots();
  const predicate = (condition: Condition | null) =>
    condition === null ? null : compileCondition(condition, table);
  const did = (raw: Did | null) =>
    raw === null ? null : { slot: slots.number(raw.on), withinMs: raw.withinMs, times: raw.times };
  const path = (raw: Path | Disqualifier): CompiledPath => ({
    id: raw.id,
    when: predicate(raw.when),
    did: did(raw.did),
  });
  const rule = (raw: Rule): CompiledRule => ({
    rule: raw,
    scoreIndex: agreement.scores.findIndex(score => score.id === raw.score),
    groupIndex: agreement.groups.findIndex(group => group.id === raw.group),
    gate: predicate(raw.when),
    evidence: compileEvidence(raw.evidence, { table, slot: slots.number }),
  });
  const applies = predicate(agreement.applies) ?? (() => true);
  const scoreField = (field: Field) => fieldNumber(table, field);
  return {
    agreement,
    applies,
    rules: agreement.rules.map(rule),
    disqualify: agreement.disqualify.map(path),
    mql: agreement.mql.map(path),
    scoreFields: agreement.scores.map(score => scoreField({ source: 'score', path: [score.id] })),
    totalField: scoreField({ source: 'total', path: [] }),
    createdAtField: findField(table, { source: 'contact', path: ['createdAt'] }),
    table,
    slots: slots.matches.length,
    eventNames: [...new Set(slots.matches.flatMap(match => match?.names ?? []))],
    usesAnyEvent: agreement.rules.some(({ evidence }) => evidence.kind === 'quiet' && evidence.of === null),
    slotsOf: compileMatches(slots.matches),
  };
}

function makeSlots(): {
  readonly matches: (EventMatch | null)[];
  readonly number: (match: EventMatch | null) => number;
} {
  const matches: (EventMatch | null)[] = [null];
  const numbers = new Map<string, number>([['null', ANY_EVENT]]);
  return {
    matches,
    number: match => {
      const name = JSON.stringify(match);
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, matches.length);
      return matches.push(match) - 1;
    },
  };
}

function compileEvidence(
  evidence: Evidence,
  into: { readonly table: FieldTable; readonly slot: (match: EventMatch | null) => number },
): CompiledEvidence {
  switch (evidence.kind) {
    case 'trait':
      return evidence;
    case 'cases':
      return {
        kind: 'cases',
        cases: evidence.cases.map(entry => ({ ...entry, when: compileCondition(entry.when, into.table) })),
      };
    case 'occurrences': {
      const { points, windowMs, limit, decay } = evidence;
      return { kind: 'occurrences', points, slot: into.slot(evidence.on), windowMs, limit, decay };
    }
    case 'pattern': {
      const items = evidence.items.map(item => ({ slot: into.slot(item.on), times: item.times }));
      return { ...evidence, items };
    }
    case 'quiet':
      return {
        kind: 'quiet',
        points: evidence.points,
        slot: into.slot(evidence.of),
        quietMs: evidence.quietMs,
      };
    default:
      return unreachable(evidence);
  }
}
