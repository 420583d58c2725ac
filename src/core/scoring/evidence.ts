import { decaySum, nextFade, type Run, roundPoints } from '../time/decay.ts';
import { earlier } from '../time/instant.ts';
import { unreachable } from '../unreachable.ts';
import { countAt, type Flow, type FlowState, horizonOf, leavesAfter, sumAt } from './flow.ts';
import type { CompiledEvidence, CompiledPath, CompiledRecent, CompiledStream } from './program.ts';
import { countUntil, type Tally } from './tally.ts';

/** Evidence that a rule draws from events. */
type EventEvidence = Exclude<CompiledEvidence, { kind: 'trait' | 'cases' }>;

/** What scoring knows of a contact's events at an instant, and when the contact came to be. Epoch ms. */
interface Known {
  readonly tally: Tally;
  readonly createdAt: number;
}

/** The whole points that evidence gives at `t`: not before the last event, and before the tally's horizon. */
export function pointsAt(evidence: EventEvidence, known: Known, t: number): number {
  switch (evidence.kind) {
    case 'stream':
      return roundPoints(evidence.points * streamSum(evidence, known.tally, t));
    case 'recent': {
      const run = recentRun(evidence, known.tally, t);
      return run.start === run.end ? 0 : roundPoints(evidence.points * decaySum(evidence.decay, run, t));
    }
    case 'pattern': {
      const run = patternRun(evidence, known.tally, t);
      return run === null ? 0 : roundPoints(evidence.points * decaySum(evidence.decay, run, t));
    }
    case 'quiet':
      return t >= quietFrom(evidence, known) ? evidence.points : 0;
    default:
      return unreachable(evidence);
  }
}

/** How many occurrences a line counts, and when the latest was; both null for evidence that counts none. */
export function countOf(
  evidence: EventEvidence,
  { tally }: Known,
  t: number,
): { readonly count: number | null; readonly lastAt: number | null } {
  switch (evidence.kind) {
    case 'stream': {
      const { flow, state } = flowOf(tally, evidence.count);
      return { count: countAt(flow, state, t), lastAt: state.last };
    }
    case 'recent': {
      const { times, start, end } = recentRun(evidence, tally, t);
      return { count: end - start, lastAt: times[end - 1] ?? null };
    }
    case 'pattern':
      return { count: 1, lastAt: tally.completions[evidence.pattern] ?? null };
    case 'quiet':
      return { count: null, lastAt: null };
    default:
      return unreachable(evidence);
  }
}

/**
 * The first instant after `t` at which the line of evidence changes with no new event, before the tally's horizon; null
 * when it does not. Its gate is taken to stay as it is.
 */
export function changeAfter(evidence: EventEvidence, known: Known, t: number): number | null {
  if (evidence.kind === 'quiet') {
    const from = quietFrom(evidence, known);
    return from > t ? from : null;
  }
  if (pointsAt(evidence, known, t) === 0) return null;
  const { points, decay } = evidence;
  if (evidence.kind === 'stream') return streamChange(evidence, known.tally, t);
  const run =
    evidence.kind === 'recent' ? recentRun(evidence, known.tally, t) : patternRun(evidence, known.tally, t);
  const first = run?.times[run.start];
  if (run === null || first === undefined) return null;
  const leavesAt = evidence.windowMs === null ? null : first + evidence.windowMs;
  if (decay === null) return leavesAt;
  const last = run.times[run.end - 1] ?? first;
  const fading = { points, decay, last, sumAt: (at: number) => decaySum(decay, run, at) };
  return nextFade(fading, t, leavesAt) ?? leavesAt;
}

function streamChange(evidence: CompiledStream, tally: Tally, t: number): number | null {
  const { points, decay, count, worth, parts } = evidence;
  const { flow, state } = flowOf(tally, count);
  const leavesAt = leavesAfter(flow, state, t);
  if (decay === null) return leavesAt;
  let horizon = Number.POSITIVE_INFINITY;
  for (const index of [worth, ...parts.map(part => part.flow)]) {
    const of = flowOf(tally, index);
    horizon = Math.min(horizon, horizonOf(of.flow, of.state));
  }
  const until = earlier(leavesAt, Number.isFinite(horizon) ? horizon : null);
  const sum = (at: number) => streamSum(evidence, tally, at);
  return nextFade({ points, decay, last: state.last, sumAt: sum }, t, until) ?? leavesAt;
}

/** Σ decay(age) over the occurrences that count. */
function streamSum(stream: CompiledStream, tally: Tally, t: number): number {
  const { worth, parts } = stream;
  if (parts.length > 0) return stepSum(stream, tally, t);
  const flow = tally.plan.flows[worth];
  const state = tally.flows[worth];
  return flow === undefined || state === undefined || state.count === 0 ? 0 : sumAt(flow, state, t);
}

function stepSum({ parts }: CompiledStream, tally: Tally, t: number): number {
  let percent = 0;
  for (const part of parts) {
    const { flow, state } = flowOf(tally, part.flow);
    if (state.count > 0) percent += part.percent * countAt(flow, state, t);
  }
  return percent / 100;
}

function flowOf({ plan, flows }: Tally, index: number): { readonly flow: Flow; readonly state: FlowState } {
  const flow = plan.flows[index];
  const state = flows[index];
  if (flow === undefined || state === undefined) throw new Error(`a tally without flow ${index}`);
  return { flow, state };
}

const NO_TIMES: readonly number[] = [];

function recentRun({ ring, windowMs }: CompiledRecent, tally: Tally, t: number): Run {
  const times = tally.rings[ring] ?? NO_TIMES;
  const start = windowMs === null ? 0 : countUntil(times, t - windowMs);
  return { times, start, end: times.length };
}

function patternRun(
  { pattern, windowMs }: Extract<EventEvidence, { kind: 'pattern' }>,
  tally: Tally,
  t: number,
): Run | null {
  const at = tally.completions[pattern] ?? Number.NEGATIVE_INFINITY;
  const counts = windowMs === null ? at > Number.NEGATIVE_INFINITY : at > t - windowMs;
  return counts ? { times: [at], start: 0, end: 1 } : null;
}

function quietFrom(
  { ring, quietMs }: Extract<EventEvidence, { kind: 'quiet' }>,
  { tally, createdAt }: Known,
): number {
  return Math.max(tally.rings[ring]?.at(-1) ?? createdAt, createdAt) + quietMs;
}

/** Whether a contact did what a path asks at `t`. */
export function didAt(did: NonNullable<CompiledPath['did']>, tally: Tally, t: number): boolean {
  const times = tally.rings[did.ring] ?? NO_TIMES;
  const earliest = times[times.length - did.times];
  return earliest !== undefined && (did.withinMs === null || earliest > t - did.withinMs);
}

/** Until when what holds by `didAt` holds with no new event; null for ever, or when it does not hold. */
export function didUntil(did: NonNullable<CompiledPath['did']>, tally: Tally, t: number): number | null {
  if (did.withinMs === null || !didAt(did, tally, t)) return null;
  const times = tally.rings[did.ring] ?? NO_TIMES;
  return (times[times.length - did.times] ?? t) + did.withinMs;
}
