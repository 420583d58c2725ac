import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { listAgreementHeads, loadActiveVersions, loadVersion } from '../../db/agreement/agreement.ts';
import { applyAgreementFile, mustReadAgreement } from '../../loop/agreement/activate.ts';
import { planAgreement as plan } from '../../loop/backtest/plan.ts';
import { AppError } from '../../loop/error.ts';
import { findScoring } from '../../loop/evaluation/sweep.ts';
import { isStorable } from '../../loop/scoring/asof.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** Lists agreements, active ones first, each with its versions from the newest down. */
export const listAgreements: Handler<'listAgreements'> = async ({ app }) => {
  const rows = await listAgreementHeads(app.db);
  const ids = [...new Set(rows.map(({ id }) => id))];
  const items = ids.flatMap(id => {
    const versions = rows.filter(row => row.id === id);
    const [first] = versions;
    if (first === undefined) return [];
    return [
      {
        id,
        name: first.name,
        activeVersion: first.active_version,
        versions: versions.map(row => ({
          version: row.version,
          createdAt: formatInstant(row.created_at),
          activatedAt: instantOrNull(row.activated_at),
          createdBy: row.created_by,
        })),
      },
    ];
  });
  return { items, nextCursor: null };
};

/** Answers with one version of an agreement: its text and the same as data. */
export const getAgreementVersion: Handler<'getAgreementVersion'> = async ({ app }, { params }) => {
  const row = isStorable(params.version) ? await loadVersion(app.db, params.id, params.version) : null;
  if (row === null)
    throw new AppError('notFound', `there is no version ${params.version} of an agreement ${params.id}`);
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    source: row.source,
    body: row.body,
    createdAt: formatInstant(row.created_at),
    activatedAt: instantOrNull(row.activated_at),
    createdBy: row.created_by,
  };
};

/** Answers with how far contacts are scored under the active version of an agreement. */
export const getScoring: Handler<'getScoring'> = async ({ app, now }, { params }) => {
  const active = (await loadActiveVersions(app.db)).find(({ id }) => id === params.id);
  if (active === undefined)
    throw new AppError('notFound', `there is no active version of an agreement ${params.id}`);
  const { id, version } = active;
  return { version, scoring: await findScoring(app, { agreementId: id, version }, now) };
};

/** Answers with who would enter and leave if a file were the active version. */
export const planAgreement: Handler<'planAgreement'> = async ({ app, now }, { body }) => {
  const next = mustReadAgreement(body.source);
  const { entering, leaving, ...counts } = await plan(app, next, {
    now,
    named: body.named,
    report: () => {},
  });
  return { ...counts, entering: [...entering], leaving: [...leaving] };
};

/** Stores a file as a version and makes it the active one. */
export const applyAgreement: Handler<'applyAgreement'> = (request, { body }) => {
  const { actor, now } = doing(request, 'applyAgreement');
  return applyAgreementFile(request.app.db, body.source, { actor, now, handsOver: body.handoff });
};
