import { quote } from '../../core/problem.ts';
import { acceptanceReport } from '../../core/report/acceptance.ts';
import { conversionReport } from '../../core/report/conversion.ts';
import { type Frame, frameOf, leadsOf, type Population, rowsOf } from '../../core/report/frame.ts';
import { healthReport } from '../../core/report/health.ts';
import type { Period, Range } from '../../core/report/period.ts';
import { crossFrame, rejectionReport } from '../../core/report/rejection.ts';
import { slaReport } from '../../core/report/sla.ts';
import { sourceReport } from '../../core/report/source.ts';
import { firstOf, velocityReport } from '../../core/report/velocity.ts';
import { reviewOf } from '../../core/review/agenda.ts';
import { trailOf } from '../../core/review/calendar.ts';
import type { OpenWork, PeriodFigures, ReviewFigures } from '../../core/review/figures.ts';
import { KEY_EXAMPLES, REVIEW_SPANS, type ReviewKind } from '../../core/review/kind.ts';
import type { Review } from '../../core/review/review.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { countAcceptance } from '../../db/report/acceptance.ts';
import { countConversion } from '../../db/report/conversion.ts';
import { countHealth } from '../../db/report/health.ts';
import { countRejections } from '../../db/report/rejection.ts';
import { countSla } from '../../db/report/sla.ts';
import { countSources } from '../../db/report/source.ts';
import { loadLeadTimes } from '../../db/report/velocity.ts';
import { listEarlierEntries, listReviewEntries } from '../../db/review/entry.ts';
import { countOpenWork } from '../../db/review/open.ts';
import type { App } from '../app.ts';
import { refusalOf } from '../error.ts';
import { loadMarks } from '../report/mark.ts';
import { loadTapes } from '../report/tape.ts';
import { loadTerms, type Terms } from '../report/terms.ts';

/** Which review is meant. */
export interface ReviewName {
  readonly kind: ReviewKind;
  readonly key: string;
}

/** The periods that lead to the one of a review, and the one after it; refuses a key that names none. */
export function periodsTo({ kind, key }: ReviewName, zone: string) {
  const trail = trailOf({ kind, key, zone });
  const own = trail?.at(-1);
  const before = trail?.at(-2);
  const after = own === undefined ? undefined : nextOf(kind, own, zone);
  if (trail === null || own === undefined || before === undefined || after === undefined) {
    const span = REVIEW_SPANS[kind];
    throw refusalOf('malformed', [
      { path: 'params.key', message: `expected a ${span} such as ${KEY_EXAMPLES[kind]}, got ${quote(key)}` },
    ]);
  }
  return { trail, own, before, after };
}

function nextOf(kind: ReviewKind, { to }: Range, zone: string): Period | undefined {
  const periods = frameOf(
    { range: { from: to, to: to + 100 * DAY_MS }, at: to, imported: null, filters: {} },
    { by: REVIEW_SPANS[kind], zone, isAsOf: false },
  ).periods;
  return periods?.[0];
}

/** How far back leads are looked for that nobody has decided on, in ms. */
const OPEN_MS = 365 * DAY_MS;

/** Makes a review of the reports of its period; `at` is the instant as of which it is asked, null for now. */
export async function loadReview(
  app: App,
  name: ReviewName,
  { at, now }: { readonly at: number | null; readonly now: number },
): Promise<Review> {
  const terms = await loadTerms(app.db, undefined);
  const periods = periodsTo(name, terms.zone);
  const asOf = Math.min(at ?? now, now);
  const look: Look = { app, terms, at: asOf, isAsOf: at !== null };
  return reviewOf(await loadFigures(look, name, periods));
}

/** How the reports of a review are asked. */
interface Look {
  readonly app: App;
  readonly terms: Terms;
  readonly at: number;
  readonly isAsOf: boolean;
}

function frameIn({ terms, at, isAsOf }: Look, range: Range, by: string): Frame {
  const population: Population = { range, at, imported: null, filters: {} };
  return frameOf(population, { by, zone: terms.zone, isAsOf });
}

async function loadFigures(
  look: Look,
  { kind, key }: ReviewName,
  { trail, own, before, after }: ReturnType<typeof periodsTo>,
): Promise<ReviewFigures> {
  const { app, terms } = look;
  const { zone, targets } = terms;
  const span = REVIEW_SPANS[kind];
  const range = { from: trail[0]?.from ?? own.from, to: own.to };
  const along = frameIn(look, range, span);
  const sources = frameIn(look, own, 'source');
  const period = await loadPeriod(look, own);
  const conversion = conversionReport(along, await countConversion(app.db, along), targets.minSample);
  return {
    kind,
    key,
    zone,
    at: look.at,
    ...{ trail, before, after, targets },
    marks: await loadMarks(app.db, along),
    now: period.figures,
    then: (await loadPeriod(look, before)).figures,
    rates: (await loadRates(look, along)).rows,
    conversion: conversion.rows,
    ...period.rows,
    sources: sourceReport(
      sources,
      await countSources(app.db, sources, targets.decisionWindowMs ?? null),
      targets.minSample,
    ).rows,
    versions: (await loadRates(look, frameIn(look, own, 'version'))).rows,
    paths: (await loadRates(look, frameIn(look, own, 'path'))).rows,
    open: await loadOpen(look, own),
    entries: await listReviewEntries(app.db, { kind, key }),
    earlier: await listEarlierEntries(app.db, { kind, key, before: before.key }),
  };
}

/** What the reports say of a period, with their rows by owner and by grade. */
async function loadPeriod(
  look: Look,
  period: Period,
): Promise<{
  readonly figures: PeriodFigures;
  readonly rows: Pick<ReviewFigures, 'ownerRates' | 'ownerSpeed' | 'ownerClocks' | 'grades'>;
}> {
  const { app, terms } = look;
  const { targets } = terms;
  const frame = frameIn(look, period, 'owner');
  const reasons = frameIn(look, period, 'reason');
  const acceptance = await loadRates(look, frame);
  const counts = await countRejections(app.db, reasons, crossFrame(reasons, 'source'));
  const grades = frameIn(look, period, 'grade');
  const speed = await loadSpeed(look, frame);
  const clocks = await loadClocks(look, frame);
  const health = healthReport(grades, await countHealth(app.db, grades), targets);
  return {
    figures: {
      acceptance: { ...acceptance.total, leads: leadsOf(frame) },
      speed: speed.total,
      clocks: clocks.total,
      reasons: rejectionReport(reasons, counts, { and: 'source', minSample: targets.minSample }).rows,
      scores: health.total,
    },
    rows: {
      ownerRates: acceptance.rows,
      ownerSpeed: speed.rows,
      ownerClocks: clocks.rows,
      grades: health.rows,
    },
  };
}

async function loadRates({ app, terms: { targets } }: Look, frame: Frame) {
  const counts = await countAcceptance(app.db, frame, targets.decisionWindowMs ?? null);
  return acceptanceReport(frame, counts, targets);
}

async function loadSpeed({ app }: Look, frame: Frame) {
  const groups = await loadLeadTimes(app.db, frame);
  const tapeOf = await loadTapes(app.db, groups, { from: firstOf(groups, frame.at), to: frame.at });
  return velocityReport(frame, groups, tapeOf);
}

async function loadClocks({ app, terms }: Look, frame: Frame) {
  const counts = await countSla(app.db, frame);
  const due = counts.flatMap(({ firstTouch, decision }) => [...firstTouch.due, ...decision.due]);
  const first = due.reduce((least, at) => Math.min(least, at), frame.at);
  const tapeOf = await loadTapes(app.db, counts, { from: first, to: frame.at });
  return slaReport(frame, counts, { tapeOf, minSample: terms.targets.minSample });
}

async function loadOpen(look: Look, { to }: Range): Promise<readonly OpenWork[]> {
  const end = Math.min(to, look.at + 1);
  const frame = frameIn(look, { from: end - OPEN_MS, to: end }, 'owner');
  const counts = await countOpenWork(look.app.db, frame);
  const rows = rowsOf(frame, counts, {
    size: ({ open }) => open,
    make: count => ({ open: count?.open ?? 0, late: count?.late ?? 0 }),
    which: () => ({ outcome: 'open' }),
  });
  return [...rows].sort((a, b) => b.late - a.late || b.open - a.open || (a.key < b.key ? -1 : 1));
}
