import type { Plan } from './plan.ts';

/** How often a broken world is lived through again to find fewer steps that break it. */
const TRIES = 60;

/**
 * Leaves out steps of a world as long as what is left breaks in the same way (delta debugging: halves, then quarters, and so
 * on). Steps stand for themselves, so any of them can be left out.
 */
export async function shrink(plan: Plan, breaks: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let least = plan;
  let tries = 0;
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1 && tries < TRIES; ) {
    const before = least.steps.length;
    // From the end on: what comes after the break is left out first.
    for (let from = least.steps.length - size; from > -size && tries < TRIES; from -= size) {
      const steps = least.steps.filter((_, index) => index < from || index >= from + size);
      if (steps.length === least.steps.length) continue;
      tries += 1;
      const fewer = { ...least, steps };
      if (await breaks(fewer)) least = fewer;
    }
    if (least.steps.length === before) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return least;
}
