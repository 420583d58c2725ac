import { turns } from './condition.ts';
import { type Facts, profileField } from './facts.ts';
import { type Json, list, object } from './json.ts';
import { contribution, lastCompletion, matched, percent, quietSince } from './rule.ts';
import { scoreAt } from './score.ts';
import { durationMs } from './time.ts';

const longestDurationMs = durationMs('3650d');
// 2^-40 of any sum the tests can make rounds to 0.
const halfLivesToNothing = 40;

/**
 * The first whole millisecond after `t` at which the same facts give another result; null if there is none.
 *
 * Every instant at which something may step is known beforehand. Between two of them only half-lives and linear
 * decays move, each rule's rounded value only towards 0, so its first move is found by bisection.
 */
export function nextChange(agreement: Json, facts: Facts, t: number): number | null {
  const now = JSON.stringify(scoreAt(agreement, facts, t));
  const differs = (instant: number): boolean => JSON.stringify(scoreAt(agreement, facts, instant)) !== now;
  const steps = [...new Set(stepsOf(agreement, facts))].filter(step => step > t).sort((a, b) => a - b);
  let from = t;
  for (const step of [...steps, (steps.at(-1) ?? t) + halfLivesToNothing * longestDurationMs]) {
    const moved = firstMove(agreement, facts, { from, before: step });
    const found = moved ?? (differs(step) ? step : undefined);
    if (found !== undefined) {
      if (!differs(found) || differs(Math.max(t, found - 1)))
        throw new Error(`the reference's own nextChangeAt ${found} is wrong`);
      return found;
    }
    from = step;
  }
  return null;
}

type Span = { readonly from: number; readonly before: number };

function firstMove(agreement: Json, facts: Facts, { from, before }: Span): number | undefined {
  // What does not apply prints nothing that could move.
  if ('applies' in scoreAt(agreement, facts, from)) return undefined;
  let first: number | undefined;
  for (const rule of list(agreement.rules).map(object)) {
    const start = contribution(rule, facts, from).points;
    const moved = (instant: number): boolean => contribution(rule, facts, instant).points !== start;
    if (!moved(before - 1)) continue;
    let [still, gone] = [from, before - 1];
    while (gone - still > 1) {
      const middle = Math.floor((still + gone) / 2);
      if (moved(middle)) gone = middle;
      else still = middle;
    }
    first = first === undefined ? gone : Math.min(first, gone);
  }
  return first;
}

function stepsOf(agreement: Json, facts: Facts): readonly number[] {
  const steps: number[] = [facts.createdAt];
  const field = (name: string): unknown =>
    name === 'total' || name.startsWith('score.') ? undefined : profileField(facts, name);
  steps.push(...turns(agreement.applies, field));
  for (const rule of list(agreement.rules).map(object)) {
    steps.push(...turns(rule.when, field));
    for (const one of list(rule.cases)) steps.push(...turns(object(one).when, field));
    for (const then of evidenceTimes(rule, facts)) {
      if (rule.window !== undefined) steps.push(then + durationMs(rule.window));
      steps.push(...decaySteps(object(rule.decay), then));
    }
    if (rule.quiet !== undefined) steps.push(quietSince(rule, facts) + durationMs(rule.quiet));
  }
  for (const one of [...list(agreement.disqualify), ...list(agreement.mql)].map(object)) {
    steps.push(...turns(one.when, field));
    const did = object(one.did);
    if (did.within === undefined) continue;
    for (const event of matched(did.on, facts)) steps.push(event.time + durationMs(did.within));
  }
  return steps;
}

function evidenceTimes(rule: Json, facts: Facts): readonly number[] {
  if (rule.on !== undefined) return matched(rule.on, facts).map(event => event.time);
  const completion = rule.pattern === undefined ? undefined : lastCompletion(rule, facts);
  return completion === undefined ? [] : [completion];
}

function decaySteps(decay: Json, then: number): readonly number[] {
  if (decay.linear !== undefined) return [then + durationMs(decay.linear)];
  if (decay.lose === undefined) return [];
  const steps: number[] = [];
  for (let lost = 1; percent(decay.lose) * (lost - 1) < 100; lost += 1)
    steps.push(then + lost * durationMs(decay.every));
  return steps;
}
