/** The lifecycle stages of a lead. `sql` on the wire and in agreements is the sales stage. */
const STAGE_ORDER = ['lead', 'mql', 'sql', 'opportunity', 'customer'] as const;
export type Stage = (typeof STAGE_ORDER)[number] | 'nurture' | 'disqualified';

/**
 * The further of two stages; nurture and disqualified stand beside the line and count as before it.
 *
 * @example furthest('mql', 'lead') // 'mql'
 */
export function furthest(a: Stage, b: Stage): Stage {
  return rank(a) >= rank(b) ? a : b;
}

function rank(stage: Stage): number {
  const known: readonly string[] = STAGE_ORDER;
  return known.indexOf(stage);
}
