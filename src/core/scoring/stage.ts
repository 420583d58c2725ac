const LINE = ['lead', 'mql', 'sql', 'opportunity', 'customer'] as const;

/** The lifecycle stages of a lead, in order, and the two beside the line. `sql` is the sales stage. */
export const STAGES = [...LINE, 'nurture', 'disqualified'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * The further of two stages; nurture and disqualified stand beside the line and count as before it.
 *
 * @example furthest('mql', 'lead') // 'mql'
 */
export function furthest(a: Stage, b: Stage): Stage {
  return rank(a) >= rank(b) ? a : b;
}

function rank(stage: Stage): number {
  const known: readonly string[] = LINE;
  return known.indexOf(stage);
}
