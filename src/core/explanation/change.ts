import type { Rule } from '../agreement/agreement.ts';
import { historyUntil, type Score } from '../scoring/score.ts';
import { signed } from '../text/number.ts';
import { cut, oneLine } from '../text/safe.ts';
import { formatInstant } from '../time/instant.ts';
import { boundCause, causeOf, type Step } from './cause.ts';
import type { Changes, LineChange, Moment } from './shape.ts';
import { type KnownEvent, scoreOfView, type View } from './view.ts';

const MAX_LABEL = 80;
const MAX_TEXT = 300;

/**
 * What changed from one view of a contact to a later one, line by line and each with what did it. The way from one to the
 * other is walked in steps, the agreement first, then time alone, the profile, and the events; what a step adds to a line
 * is that cause's share, so that shares add up. `events` are those in between, in order.
 */
export function changesBetween(from: View, to: View, events: readonly KnownEvent[]): Changes {
  const before = scoreOfView(from);
  const after = scoreOfView(to);
  const steps = walk(from, to, { before, after });
  const lines = lineKeys([before, after])
    .map(key => lineChange(key, steps, { from, to, events }))
    .filter(({ difference }) => difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (textKey(a) < textKey(b) ? -1 : 1));
  return {
    from: momentOf(before, from.at),
    to: momentOf(after, to.at),
    difference: totalOf(after) - totalOf(before),
    scores: scoreChanges(from, to, { before, after }),
    lines,
    text: lines.map(({ text }) => text),
  };
}

function momentOf(score: Score, then: number): Moment {
  const at = formatInstant(then);
  if (!score.applies) return { at, applies: false, total: 0, grade: null, qualifies: null, disqualified: [] };
  const { total, grade, qualifies, disqualified } = score;
  return { at, applies: true, total, grade, qualifies, disqualified: [...disqualified] };
}

function totalOf(score: Score): number {
  return score.applies ? score.total : 0;
}

function scoreChanges(from: View, to: View, of: { readonly before: Score; readonly after: Score }) {
  const all = [...to.program.agreement.scores, ...from.program.agreement.scores];
  return all
    .filter(({ id }, index) => all.findIndex(other => other.id === id) === index)
    .map(({ id, label }) => ({
      score: id,
      label,
      before: (of.before.applies ? of.before.scores[id] : undefined) ?? 0,
      after: (of.after.applies ? of.after.scores[id] : undefined) ?? 0,
    }));
}

function walk(
  from: View,
  to: View,
  { before, after }: { readonly before: Score; readonly after: Score },
): readonly Step[] {
  const start: Step = { kind: 'start', score: before };
  if (!after.applies) return [start, { kind: 'ended', score: after }];
  const past = historyUntil(to.history, from.at);
  const quiet = scoreOfView({ ...to, history: past });
  const end: Step = { kind: 'events', score: after };
  if (!before.applies) return [start, { kind: 'began', score: quiet }, end];
  const sameDay =
    from.program === to.program ? before : scoreOfView({ ...from, program: to.program, history: past });
  const { profile, createdAt } = from;
  const aged = scoreOfView({ ...to, profile, createdAt, history: past });
  const isSame = from.program === to.program;
  return [
    start,
    ...(isSame ? [] : [{ kind: 'agreement', score: sameDay } as const]),
    { kind: 'time', score: aged },
    { kind: 'profile', score: quiet },
    end,
  ];
}

interface LineKey {
  readonly rule: string | null;
  readonly score: string;
  readonly group: string | null;
}

function textKey({ rule, score, group }: LineKey): string {
  return JSON.stringify(rule === null ? [null, score, group] : [rule, score]);
}

function lineKeys(scores: readonly Score[]): readonly LineKey[] {
  const found = new Map<string, LineKey>();
  for (const score of scores) {
    for (const line of score.applies ? score.lines : [])
      if (!found.has(textKey(line))) found.set(textKey(line), line);
  }
  return [...found.values()];
}

interface Between {
  readonly from: View;
  readonly to: View;
  readonly events: readonly KnownEvent[];
}

function lineChange(key: LineKey, steps: readonly Step[], between: Between): LineChange {
  const name = textKey(key);
  const found = steps.map(({ score }) =>
    score.applies ? score.lines.find(line => textKey(line) === name) : undefined,
  );
  const first = found[0];
  const last = found.at(-1);
  const [before, after] = [first?.points ?? 0, last?.points ?? 0];
  const difference = after - before;
  const label = oneLine((last ?? first)?.label ?? '', MAX_LABEL);
  const causes =
    key.rule === null
      ? [boundCause(first, last)]
      : steps.flatMap((step, index) => {
          const points = (found[index]?.points ?? 0) - (found[index - 1]?.points ?? 0);
          if (index === 0 || points === 0) return [];
          return [
            causeOf(step, points, {
              ...between,
              rule: ruleOf(key, between),
              was: found[index - 1],
              is: found[index],
            }),
          ];
        });
  const why = causes.map(({ text, points }) => (causes.length === 1 ? text : `${text} (${signed(points)})`));
  const text = cut(`${label} ${signed(difference)}: ${why.join('; ')}`, MAX_TEXT);
  const group = (last ?? first)?.group ?? null;
  return { rule: key.rule, label, score: key.score, group, before, after, difference, causes, text };
}

function ruleOf({ rule }: LineKey, { from, to }: Between): Rule | undefined {
  return [...to.program.agreement.rules, ...from.program.agreement.rules].find(({ id }) => id === rule);
}
