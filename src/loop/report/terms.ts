import { valueAt } from '../../core/condition/reading.ts';
import { USUAL_SAMPLE } from '../../core/report/rate.ts';
import type { Targets } from '../../core/report/verdict.ts';
import { isZone } from '../../core/time/zone.ts';
import type { Database } from '../../db/database.ts';
import { findSetting } from '../../db/setting.ts';
import { activeAgreements } from '../agreement/active.ts';

/** What reports are measured against, and the zone in which their days begin. */
export interface Terms {
  readonly zone: string;
  readonly targets: Targets;
}

/** The setting of the workspace that reports go by. */
export const REPORTING = 'reporting';

/**
 * The terms of reports: those of the first active agreement that is among `agreements`, or of the first without any. The
 * zone is the workspace's, else that of the agreement's first calendar, else UTC.
 */
export async function loadTerms(db: Database, agreements: readonly string[] | undefined): Promise<Terms> {
  const [active, setting] = await Promise.all([activeAgreements(db, db), findSetting(db, REPORTING)]);
  const meant = active.find(({ id }) => agreements?.includes(id) ?? true) ?? active[0];
  const practice = meant?.program.agreement.practice;
  const chosen = valueAt(setting, ['timezone']);
  const [calendar] = Object.values(practice?.calendars ?? {});
  const zone = typeof chosen === 'string' && isZone(chosen) ? chosen : (calendar?.timezone ?? 'UTC');
  const { decisionWindow, minSample, ...aims } = practice?.targets ?? {};
  return {
    zone,
    targets: { ...aims, decisionWindowMs: decisionWindow, minSample: minSample ?? USUAL_SAMPLE },
  };
}
