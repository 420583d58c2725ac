import type { Agreement } from '../agreement/agreement.ts';
import { findTrack, stepAfter } from './track.ts';

/** An enrolment and what was done of it. Times in epoch ms. */
interface Enrolled {
  readonly track: string;
  readonly nextStep: number;
  readonly nextStepAt: number | null;
  readonly done: readonly {
    readonly step: number;
    readonly kind: 'email' | 'webhook' | 'wait';
    readonly name: string | null;
    readonly at: number;
    readonly refused: string | null;
  }[];
}

/** A step as a page shows it. */
interface ShownStep {
  readonly kind: 'email' | 'webhook' | 'wait';
  readonly name: string | null;
  readonly state: 'done' | 'refused' | 'next' | 'later' | 'never';
  readonly at: number | null;
  readonly waitMs: number;
  readonly refused: string | null;
}

/**
 * Every step of the track of an enrolment, in its order: what was done and when, what comes next and when, and what follows,
 * or never will as the lead has left.
 */
export function stepsOf(agreement: Agreement, enrolled: Enrolled): readonly ShownStep[] {
  const track = findTrack(agreement, enrolled.track);
  const { done, nextStep, nextStepAt } = enrolled;
  return (track?.steps ?? []).map((step, index): ShownStep => {
    const waitMs = step.wait ?? 0;
    const was = done.find(one => one.step === index);
    if (was !== undefined) {
      const { kind, name, at, refused } = was;
      return { kind, name, state: refused === null ? 'done' : 'refused', at, waitMs, refused };
    }
    const { kind, name } = stepAfter({ steps: [step] }, 0, 0) ?? { kind: 'wait', name: null };
    const isNext = nextStepAt !== null && index === nextStep;
    const state = isNext ? 'next' : nextStepAt === null ? 'never' : 'later';
    return { kind, name, state, at: isNext ? nextStepAt : null, waitMs, refused: null };
  });
}
