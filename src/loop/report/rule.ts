import type { Frame } from '../../core/report/frame.ts';
import { ruleLabel } from '../../core/report/rule.ts';
import { listRunVersions } from '../../db/report/rule.ts';
import { activeAgreements, findAgreement, type RunningAgreement } from '../agreement/active.ts';
import type { App } from '../app.ts';

/** How many earlier versions are looked through for rules that were taken out since. */
const MAX_VERSIONS = 50;

/**
 * What rules are called, by their ids: as the active versions have it, else the last version in which they were. A rule of a
 * version from long ago has no name.
 */
export async function loadRuleLabels(
  { db }: App,
  { filters }: Pick<Frame, 'filters'>,
  rules: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const missing = new Set(rules);
  const labels = new Map<string, string>();
  const look = ({ program: { agreement } }: RunningAgreement) => {
    for (const rule of agreement.rules)
      if (missing.delete(rule.id)) labels.set(rule.id, ruleLabel(rule, agreement));
  };
  const asked = filters.agreement ?? null;
  const active = await activeAgreements(db, db);
  for (const running of active) if (asked?.includes(running.id) ?? true) look(running);
  if (missing.size === 0) return labels;
  for (const of of await listRunVersions(db, asked, MAX_VERSIONS)) {
    const earlier = await findAgreement(db, db, of);
    if (earlier !== null) look(earlier);
    if (missing.size === 0) break;
  }
  return labels;
}
