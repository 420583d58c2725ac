import type { Condition } from '../condition/condition.ts';
import type { EventMatch } from '../condition/event.ts';
import { spellingsIn } from '../condition/words.ts';
import { formatPath, makeReport, type PathStep, type Problem } from '../problem.ts';
import type { Decay } from '../time/decay.ts';
import { flatten } from './pieces.ts';
import { checkMeaning } from './references.ts';
import { type AgreementShape, agreementShape, type DidShape, type RuleShape } from './shape.ts';

/** Bounds on a sum of points; null means that there is no bound. */
export interface SumBounds {
  readonly id: string;
  readonly label: string;
  readonly min: number | null;
  readonly max: number | null;
}

export interface Group extends SumBounds {
  readonly score: string;
}

/** At least `times` events matching `on`; `withinMs` null is ever. */
export interface Did {
  readonly on: EventMatch;
  readonly withinMs: number | null;
  readonly times: number;
}

export type Evidence =
  | { readonly kind: 'trait'; readonly points: number }
  | { readonly kind: 'cases'; readonly cases: readonly Case[] }
  | {
      readonly kind: 'occurrences';
      readonly points: number;
      readonly on: EventMatch;
      readonly windowMs: number | null;
      readonly limit: number | null;
      readonly decay: Decay | null;
    }
  | {
      readonly kind: 'pattern';
      readonly points: number;
      readonly items: readonly { readonly on: EventMatch; readonly times: number }[];
      readonly withinMs: number;
      readonly windowMs: number | null;
      readonly decay: Decay | null;
    }
  | {
      readonly kind: 'quiet';
      readonly points: number;
      readonly quietMs: number;
      readonly of: EventMatch | null;
    };

interface Case {
  readonly when: Condition;
  readonly points: number;
  readonly label: string;
}

/** One line of a lead's score: `when` gates the evidence; null means that it has no gate. */
export interface Rule {
  readonly id: string;
  readonly label: string;
  readonly score: string;
  readonly group: string | null;
  readonly when: Condition | null;
  readonly evidence: Evidence;
}

/** A way to the MQL line, or a disqualifier: both hold when `when` and `did` hold. */
export interface Path {
  readonly id: string;
  readonly label: string;
  readonly when: Condition | null;
  readonly did: Did | null;
}

export interface MqlPath extends Path {
  /** Whether it holds also while a rejection asked to wait. */
  readonly overridesWait: boolean;
}

export interface Disqualifier extends Path {
  readonly route: string | null;
}

/** The bands of one score, highest threshold first, and the mark below them all. */
export interface Grade {
  readonly score: string;
  readonly bands: readonly { readonly mark: string; readonly from: number }[];
  readonly below: string;
}

/** What sections 7 to 12 of the format say, as written: how leads are given out, worked, decided and judged. */
export type Practice = Pick<
  AgreementShape,
  | 'sql'
  | 'routing'
  | 'calendars'
  | 'sla'
  | 'alerts'
  | 'reasons'
  | 'templates'
  | 'nurture'
  | 'outreach'
  | 'targets'
>;

export interface Agreement {
  readonly name: string;
  readonly description: string | null;
  readonly applies: Condition | null;
  readonly scores: readonly SumBounds[];
  readonly groups: readonly Group[];
  readonly rules: readonly Rule[];
  readonly disqualify: readonly Disqualifier[];
  readonly mql: readonly MqlPath[];
  readonly grades: readonly Grade[];
  readonly practice: Practice;
  /** How the author spelled texts and the names of events, by their normalised form. */
  readonly spellings: ReadonlyMap<string, string>;
}

type AgreementResult =
  | { readonly agreement: Agreement; readonly problems: null }
  | { readonly agreement: null; readonly problems: readonly Problem[] };

/**
 * Reads an agreement from plain data (parsed YAML or JSON): the agreement, or every problem at once.
 *
 * @example readAgreement({ agreement: 1, name: 'Core', scores: { fit: {} } }).agreement?.scores[0]?.label // 'fit'
 */
export function readAgreement(raw: unknown): AgreementResult {
  const problems: Problem[] = [];
  const added = new Set<string>();
  const add = (steps: readonly PathStep[], message: string) => {
    const path = formatPath(steps);
    if (added.has(`${path}\n${message}`)) return;
    added.add(`${path}\n${message}`);
    problems.push({ path, steps, message });
  };
  const shape = agreementShape.safeParse(raw, { reportInput: true });
  for (const issue of shape.error?.issues ?? []) {
    for (const { path, message } of flatten(issue)) add(path, message);
  }
  checkMeaning(raw, makeReport(add));
  return shape.success && problems.length === 0
    ? { agreement: { ...build(shape.data), spellings: spellingsIn(raw) }, problems: null }
    : { agreement: null, problems };
}

function build(shape: AgreementShape): Omit<Agreement, 'spellings'> {
  const { sql, routing, calendars, sla, alerts, reasons, templates, nurture, outreach, targets } = shape;
  return {
    name: shape.name,
    description: shape.description ?? null,
    applies: shape.applies ?? null,
    scores: Object.entries(shape.scores).map(([id, score]) => buildBounds(id, score)),
    groups: Object.entries(shape.groups ?? {}).map(([id, group]) => ({
      ...buildBounds(id, group),
      score: group.score,
    })),
    rules: (shape.rules ?? []).map(buildRule),
    disqualify: (shape.disqualify ?? []).map(entry => ({ ...buildPath(entry), route: entry.route ?? null })),
    mql: (shape.mql ?? []).map(entry => ({
      ...buildPath(entry),
      overridesWait: entry.overrides === 'wait',
    })),
    grades: Object.keys(shape.scores).flatMap(score => {
      const bands = shape.grades?.[score];
      return bands === undefined ? [] : [buildGrade(score, bands)];
    }),
    practice: { sql, routing, calendars, sla, alerts, reasons, templates, nurture, outreach, targets },
  };
}

function buildBounds(
  id: string,
  raw: {
    readonly label?: string | undefined;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  },
): SumBounds {
  return { id, label: raw.label ?? id, min: raw.min ?? null, max: raw.max ?? null };
}

function buildRule(rule: RuleShape): Rule {
  const label = rule.label ?? rule.id;
  return {
    id: rule.id,
    label,
    score: rule.score,
    group: rule.group ?? null,
    when: rule.when ?? null,
    evidence: buildEvidence(rule, label),
  };
}

function buildEvidence(rule: RuleShape, label: string): Evidence {
  const points = rule.points ?? 0;
  const windowMs = rule.window ?? null;
  const decay = rule.decay ?? null;
  if (rule.cases !== undefined) {
    return { kind: 'cases', cases: rule.cases.map(entry => ({ ...entry, label: entry.label ?? label })) };
  }
  if (rule.on !== undefined) {
    return { kind: 'occurrences', points, on: rule.on, windowMs, limit: rule.limit ?? null, decay };
  }
  if (rule.pattern !== undefined) {
    const { all, within } = rule.pattern;
    return { kind: 'pattern', points, items: all, withinMs: within, windowMs, decay };
  }
  if (rule.quiet !== undefined) return { kind: 'quiet', points, quietMs: rule.quiet, of: rule.of ?? null };
  return { kind: 'trait', points };
}

function buildPath(entry: {
  readonly id: string;
  readonly label?: string | undefined;
  readonly when?: Condition | undefined;
  readonly did?: DidShape | undefined;
}): Path {
  const { did } = entry;
  return {
    id: entry.id,
    label: entry.label ?? entry.id,
    when: entry.when ?? null,
    did: did === undefined ? null : { on: did.on, withinMs: did.within ?? null, times: did.times ?? 1 },
  };
}

function buildGrade(score: string, marks: Readonly<Record<string, number>>): Grade {
  const bands = Object.entries(marks)
    .map(([mark, from]) => ({ mark, from }))
    .sort((a, b) => b.from - a.from);
  return { score, bands, below: markAfter(bands.at(-1)?.mark ?? '0') };
}

/** The mark after the last: the next number, or the next letter. */
function markAfter(mark: string): string {
  return /^\d+$/.test(mark) ? String(Number(mark) + 1) : String.fromCharCode(mark.charCodeAt(0) + 1);
}
