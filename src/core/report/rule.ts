import { z } from 'zod';
import type { Agreement, Rule } from '../agreement/agreement.ts';
import { capital, conditionWords, makeSpelling, matchWords, nameWords } from '../condition/words.ts';
import { oneLine } from '../text/safe.ts';
import type { Definition } from './answer.ts';
import { INTERVAL, POPULATION } from './definition.ts';
import { type Frame, leadsOf, type RowHead, rowsOf } from './frame.ts';
import { type Rate, rate, rateOf } from './rate.ts';

/** For how many leads a rule had a line in the breakdown, and for how many of them it was decisive. */
const effect = z.object({ fired: z.number(), decisive: z.number() });

/** What sales decided of the leads for which a rule fired. */
export const ruleEffect = z.object({
  rejected: effect,
  accepted: effect,
  /** rejected.fired / all rejected */
  share: rate,
  /** rejected.fired / (rejected.fired + accepted.fired) */
  rejectionRate: rate,
  /** The same of the leads for which it did not fire. */
  restRate: rate,
});
export type RuleFigures = z.infer<typeof ruleEffect>;

/** The decided leads of all rules: those for which any fired, or was decisive. */
export const ruleTotal = z.object({
  rejected: effect,
  accepted: effect,
  /** All decided leads, whether or not a rule fired. */
  decided: z.object({ rejected: z.number(), accepted: z.number() }),
  /** rejected / (rejected + accepted), of all decided leads */
  rejectionRate: rate,
  /** Decided leads of which it has not been worked out yet which rules fired: they are in no row. */
  pending: z.number(),
});
export type RuleTotal = z.infer<typeof ruleTotal>;

/** Rejected and accepted leads. */
export interface DecidedLeads {
  readonly rejected: number;
  readonly accepted: number;
}

/** The decided leads for which a rule fired or was decisive. */
export interface RuleCount extends DecidedLeads {
  readonly rule: string;
}

/** All that was counted for the report on rules. */
export interface RuleCounts {
  readonly fired: readonly RuleCount[];
  readonly decisive: readonly RuleCount[];
  readonly total: {
    readonly all: DecidedLeads;
    readonly fired: DecidedLeads;
    readonly decisive: DecidedLeads;
    readonly pending: number;
  };
}

const DECIDED = { outcome: 'decided' };
const NONE: DecidedLeads = { rejected: 0, accepted: 0 };

/**
 * The report on rejections by rule: a row for each rule that fired, largest first. Where rules are asked for, only theirs; where
 * reasons are asked for, only rejected leads are counted, so there is no rate of rejection.
 */
export function ruleReport(
  frame: Frame,
  counts: RuleCounts,
  of: { readonly labels: ReadonlyMap<string, string>; readonly minSample: number },
): {
  readonly rows: readonly (RowHead & RuleFigures)[];
  readonly total: RuleTotal & { readonly leads: string };
} {
  const { all, pending, ...any } = counts.total;
  const wanted = frame.traits?.rules ?? null;
  const isOfReasons = (frame.traits?.reasons ?? null) !== null;
  const rejectionRate = ({ rejected, accepted }: DecidedLeads): Rate =>
    rateOf(isOfReasons ? { n: 0, of: 0 } : { n: rejected, of: rejected + accepted }, of.minSample);
  const decisive = new Map(counts.decisive.map(({ rule, ...count }) => [rule, count]));
  const groups = counts.fired
    .filter(({ rule }) => wanted?.includes(rule) ?? true)
    .map(({ rule, ...fired }) => ({ key: rule, label: of.labels.get(rule) ?? null, fired }));
  const rows = rowsOf(frame, groups, {
    size: ({ fired }) => fired.rejected + fired.accepted,
    make: group => {
      const fired = group?.fired ?? NONE;
      return {
        ...effectsOn(fired, decisive.get(group?.key ?? '') ?? NONE),
        share: rateOf({ n: fired.rejected, of: all.rejected }, of.minSample),
        rejectionRate: rejectionRate(fired),
        restRate: rejectionRate({
          rejected: all.rejected - fired.rejected,
          accepted: all.accepted - fired.accepted,
        }),
      };
    },
    which: rule => ({ ...DECIDED, rule }),
  });
  const total = {
    ...effectsOn(any.fired, any.decisive),
    ...{ decided: all, rejectionRate: rejectionRate(all), pending },
  };
  return { rows, total: { ...total, leads: leadsOf(frame, { which: DECIDED }) } };
}

function effectsOn(fired: DecidedLeads, decisive: DecidedLeads) {
  return {
    rejected: { fired: fired.rejected, decisive: decisive.rejected },
    accepted: { fired: fired.accepted, decisive: decisive.accepted },
  };
}

/** The longest name of a rule that was made of its condition. */
const MAX_LABEL = 120;

/** What a rule is called: by its author, else by what it looks at. */
export function ruleLabel(rule: Rule, agreement: Pick<Agreement, 'spellings' | 'scores'>): string {
  if (rule.label !== rule.id) return rule.label;
  const words = conditionOf(rule, agreement);
  return oneLine(capital(words ?? nameWords(rule.id)), MAX_LABEL);
}

function conditionOf(
  { when, evidence }: Rule,
  agreement: Pick<Agreement, 'spellings' | 'scores'>,
): string | null {
  const spelling = makeSpelling(agreement);
  if (evidence.kind === 'occurrences') return matchWords(evidence.on, spelling);
  if (evidence.kind === 'trait' && when !== null) return conditionWords(when, spelling);
  return null;
}

/** What the figures of the report on rejections by rule are. */
export const RULE_DEFINITIONS: readonly Definition[] = [
  POPULATION,
  {
    id: 'fired',
    text: 'Fired: decided leads in whose frozen breakdown the rule has a line. Most leads have several rules, so the rows add up to more than all leads.',
  },
  {
    id: 'decisive',
    text: 'Decisive: of these, the leads that would not have qualified by any path without the points of the rule, with the bounds of groups and scores applied anew. A lead may have several decisive rules, or none. Imported leads without a breakdown, and those opened by hand, have none.',
  },
  {
    id: 'rejectionRate',
    text: 'Rejection rate: rejected ÷ decided, of leads for which the rule fired; beside it the rate of the rest, for which it did not. Where reasons are asked for, accepted leads are left out and there is no rate.',
  },
  { id: 'share', text: 'Share: rejected leads for which the rule fired ÷ all rejected leads.' },
  INTERVAL,
];
