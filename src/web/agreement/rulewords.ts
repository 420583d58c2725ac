import type { Did, Disqualifier, Evidence, Path, Rule } from '../../core/agreement/agreement.ts';
import {
  capital,
  conditionParts,
  conditionWords,
  matchWords,
  type Spelling,
} from '../../core/condition/words.ts';
import { listed, signed } from '../../core/text/number.ts';
import type { Decay } from '../../core/time/decay.ts';
import { spanWords } from '../../core/time/span.ts';
import { unreachable } from '../../core/unreachable.ts';

/** What a rule looks at, in one sentence without its points. */
export function ruleWords(rule: Rule, spelling: Spelling): string {
  const gate = rule.when === null ? null : conditionWords(rule.when, spelling);
  const evidence = evidenceWords(rule.evidence, spelling);
  if (evidence === null) return capital(`when ${gate ?? 'always'}`);
  return capital(gate === null ? evidence : `${evidence}; only when ${gate}`);
}

/** The points of a rule as the agreement page shows them: signed, and "each" where several may count. */
export function pointsWords(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'cases':
      return pointsRange(evidence.cases.map(entry => entry.points));
    case 'occurrences':
      return evidence.limit === 1 ? signed(evidence.points) : `${signed(evidence.points)} each`;
    case 'trait':
    case 'pattern':
    case 'quiet':
      return signed(evidence.points);
    default:
      return unreachable(evidence);
  }
}

function pointsRange(points: readonly number[]): string {
  const [low, high] = [Math.min(...points), Math.max(...points)];
  return low === high ? signed(low) : `${signed(low)} to ${signed(high)}`;
}

function evidenceWords(evidence: Evidence, spelling: Spelling): string | null {
  switch (evidence.kind) {
    case 'trait':
      return null;
    case 'cases':
      return 'the first of these that holds';
    case 'occurrences': {
      const { on, windowMs, limit, decay } = evidence;
      const what =
        limit === 1 ? `the latest ${matchWords(on, spelling)}` : `for each ${matchWords(on, spelling)}`;
      const cap = limit === null || limit === 1 ? null : `the latest ${limit} count`;
      return [`${what}${windowWords(windowMs)}`, cap, decayWords(decay)]
        .filter(part => part !== null)
        .join('; ');
    }
    case 'pattern': {
      const items = evidence.items.map(
        ({ on, times }) => `${matchWords(on, spelling)}${times === 1 ? '' : ` ${times} times`}`,
      );
      const what = `${listed(items, 'and')} within ${spanWords(evidence.withinMs)}${windowWords(evidence.windowMs)}`;
      return [what, decayWords(evidence.decay)].filter(part => part !== null).join('; ');
    }
    case 'quiet':
      return `no ${evidence.of === null ? 'event' : matchWords(evidence.of, spelling)} for ${spanWords(evidence.quietMs)}`;
    default:
      return unreachable(evidence);
  }
}

function windowWords(windowMs: number | null): string {
  return windowMs === null ? '' : ` in the last ${spanWords(windowMs)}`;
}

/** How points fade, in words; null when they do not. */
function decayWords(decay: Decay | null): string | null {
  if (decay === null) return null;
  switch (decay.kind) {
    case 'halfLife':
      return `worth half after every ${spanWords(decay.durationMs)}`;
    case 'linear':
      return `fades evenly to nothing in ${spanWords(decay.durationMs)}`;
    case 'lose':
      return `loses ${decay.percent}% every ${spanWords(decay.everyMs)}`;
    default:
      return unreachable(decay);
  }
}

/** What a path or disqualifier asks for, one part a line. */
export function pathWords({ when, did }: Path | Disqualifier, spelling: Spelling): readonly string[] {
  const parts = when === null ? [] : conditionParts(when, spelling).map(capital);
  return did === null ? parts : [...parts, capital(didWords(did, spelling))];
}

function didWords({ on, withinMs, times }: Did, spelling: Spelling): string {
  const count = times === 1 ? '' : `at least ${times} times `;
  return `did ${count}${matchWords(on, spelling)}${withinMs === null ? '' : ` in the last ${spanWords(withinMs)}`}`;
}
