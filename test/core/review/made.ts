import { acceptanceReport } from '../../../src/core/report/acceptance.ts';
import { conversionReport } from '../../../src/core/report/conversion.ts';
import { type Frame, frameOf, leadsOf } from '../../../src/core/report/frame.ts';
import { healthReport } from '../../../src/core/report/health.ts';
import type { Range } from '../../../src/core/report/period.ts';
import { rejectionReport } from '../../../src/core/report/rejection.ts';
import { type SlaCount, slaReport } from '../../../src/core/report/sla.ts';
import { type SourceCount, sourceReport } from '../../../src/core/report/source.ts';
import { type LeadTimes, velocityReport } from '../../../src/core/report/velocity.ts';
import type { Targets } from '../../../src/core/report/verdict.ts';
import { latestOf, trailOf } from '../../../src/core/review/calendar.ts';
import type { PeriodFigures, ReviewFigures } from '../../../src/core/review/figures.ts';
import { REVIEW_SPANS, type ReviewKind } from '../../../src/core/review/kind.ts';
import type { ReviewEntry } from '../../../src/core/review/review.ts';
import { DAY_MS } from '../../../src/core/time/duration.ts';

/** A name that a lead typed. */
export const HOSTILE = '<script>alert("1")</script> see evil.example';

const TARGETS: Targets = {
  acceptance: [0.65, 0.75],
  floor: 0.5,
  ceiling: 0.9,
  decisionWindowMs: 7 * DAY_MS,
  minSample: 30,
  mqlPerWeek: 20,
};
const AT = Date.UTC(2026, 10, 4, 9);
const HOUR_MS = 3_600_000;
const ALWAYS = { between: (from: number, to: number) => Math.max(0, to - from) };

const group = (key: string | null, label: string | null = null) => ({ key, label });
const decided = (key: string, accepted: number, rejected: number, open = 0, label: string | null = null) => ({
  ...group(key, label),
  ...{ handedOff: accepted + rejected + open, accepted, rejected, elsewhere: 0 },
  ...{ inWindow: accepted, windowOver: accepted + rejected },
});

function times(key: string, handedOff: number, waits: readonly (number | null)[]): LeadTimes {
  const at = (of: (wait: number | null) => number) => Float64Array.from(waits, of);
  const none = new Float64Array(0);
  return {
    ...group(key, key),
    handedOff: at(() => handedOff),
    touched: at(wait => (wait === null ? Number.NaN : handedOff + wait * HOUR_MS)),
    decided: at(wait => (wait === null ? Number.NaN : handedOff + 3 * wait * HOUR_MS)),
    ended: at(() => Number.NaN),
    ...{ accepted: none, opportunity: none, won: none, closed: none },
  };
}

function clocks(key: string, kept: number, missed: number): SlaCount {
  const due = new Float64Array(missed);
  const clock = { kept, missed, running: 1, due, stopped: due.map(() => 2 * HOUR_MS) };
  return { ...group(key, key), handedOff: kept + missed + 1, firstTouch: clock, decision: clock };
}

function sourced(source: string, campaign: string | null, accepted: number, rejected: number): SourceCount {
  const none = new Float64Array(0);
  return {
    ...{ source, campaign, content: null, handedOff: accepted + rejected + 2, accepted, rejected },
    ...{ inWindow: accepted, windowOver: accepted + rejected, won: Math.floor(accepted / 5) },
    value: accepted < 5 ? {} : { EUR: 1000 * accepted, USD: accepted },
    ...{ starts: none, touched: none, ended: none },
  };
}

function frame(range: Range, by: string): Frame {
  const population = { range, at: AT, imported: null, filters: {} };
  return frameOf(population, { by, zone: 'UTC', isAsOf: false });
}

function period(range: Range, accepted: number, rejected: number): PeriodFigures {
  const owners = frame(range, 'owner');
  const counts = [decided('ann', accepted, rejected, 6)];
  const { total } = acceptanceReport(owners, counts, TARGETS);
  const slow = accepted > 40 ? 30 : 4;
  const speed = velocityReport(
    owners,
    [times('Ann', range.from, [1, 2, 2, 3, 4]), times('Ben', range.from, [slow, slow, slow, slow, null])],
    () => ALWAYS,
  );
  const reasons = [
    {
      ...group('fit', 'Wrong company profile'),
      cell: HOSTILE,
      cellLabel: null,
      rejected: Math.ceil(rejected * 0.6),
    },
    { ...group('fit', 'Wrong company profile'), cell: 'ads', cellLabel: null, rejected: 3 },
    { ...group('budget', 'No budget'), cell: 'ads', cellLabel: null, rejected: Math.floor(rejected * 0.4) },
  ];
  const scores = [60, 70, 80, 90].map((score, index) => ({
    ...group(`B${index}`),
    ...{ score, handedOff: 20, soFar: 20, won: index, accepted: 5 + 5 * index, rejected: 12 - 3 * index },
  }));
  return {
    acceptance: { ...total, leads: leadsOf(owners) },
    speed: speed.total,
    clocks: slaReport(owners, [clocks('Ann', 30, 2), clocks('Ben', 8, 22)], {
      tapeOf: () => ALWAYS,
      minSample: 30,
    }).total,
    reasons: rejectionReport(frame(range, 'reason'), reasons, { and: 'source', minSample: 30 }).rows,
    scores: healthReport(frame(range, 'grade'), scores, TARGETS).total,
  };
}

const entry = (given: Pick<ReviewEntry, 'id' | 'kind' | 'text'> & Partial<ReviewEntry>): ReviewEntry => ({
  review: { kind: 'monthly', key: '2026-10' },
  author: 'Ada Lovelace',
  at: '2026-11-02T10:00:00.000Z',
  done: null,
  ...given,
});

/** The figures of a review that was made up, of a period in which one source and one owner stand out. */
export function madeFigures(kind: ReviewKind, key: string, more: Partial<ReviewFigures> = {}): ReviewFigures {
  const trail = trailOf({ kind, key, zone: 'UTC' });
  const [own, before] = [trail?.at(-1), trail?.at(-2)];
  if (trail === null || own === undefined || before === undefined) throw new Error(`no ${kind} ${key}`);
  const [after] = latestOf({ kind, at: own.to, zone: 'UTC', count: 1 });
  const along = frame({ from: trail[0]?.from ?? 0, to: own.to }, REVIEW_SPANS[kind]);
  const counts = trail.map((_, index) =>
    decided(String(index + 1), 50 + index, 20 + (index === trail.length - 1 ? 26 : index), 3),
  );
  const reached = { d30: 20, d60: 20, d90: 20, ever: 20 };
  const stages = { sql: reached, opportunity: { ...reached, d90: 12 }, won: { ...reached, d90: 4 } };
  const of = (by: string) => frame(own, by);
  return {
    ...{ kind, key, zone: 'UTC', at: AT, trail, before, after: after ?? own, targets: TARGETS },
    marks: [{ at: '2026-08-12T08:00:00.000Z', text: 'Version 3 of Core came into force', version: 3 }],
    now: period(own, 61, 46),
    then: period(before, 40, 12),
    rates: acceptanceReport(along, counts, TARGETS).rows,
    conversion: conversionReport(
      along,
      counts.map(({ key: row, handedOff }) => ({ ...group(row), handedOff, reached: stages })),
      30,
    ).rows,
    ownerRates: acceptanceReport(of('owner'), [decided('Ann', 61, 46, 6)], TARGETS).rows,
    ownerSpeed: velocityReport(
      of('owner'),
      [times('Ann', own.from, [1, 2, 2, 3, 4]), times('Ben', own.from, [30, 30, 31, 32, null])],
      () => ALWAYS,
    ).rows,
    ownerClocks: slaReport(of('owner'), [clocks('Ann', 30, 2), clocks('Ben', 8, 22)], {
      tapeOf: () => ALWAYS,
      minSample: 30,
    }).rows,
    sources: sourceReport(
      of('source'),
      [sourced('ads', null, 45, 12), sourced(HOSTILE, 'autumn', 4, 34), sourced('web', null, 12, 0)],
      30,
    ).rows,
    grades: healthReport(
      of('grade'),
      ['A1', 'B2'].map((grade, index) => ({
        ...group(grade),
        ...{
          score: 90 - 20 * index,
          handedOff: 50,
          soFar: 50,
          won: 5,
          accepted: 40 - 20 * index,
          rejected: 6 + 20 * index,
        },
      })),
      TARGETS,
    ).rows,
    versions: acceptanceReport(of('version'), [decided('2', 20, 40), decided('3', 41, 6)], TARGETS).rows,
    paths: acceptanceReport(of('path'), [decided('score', 61, 46, 6, 'By score')], TARGETS).rows,
    open: [
      { label: 'Ben', leads: 'owner=ben', open: 14, late: 9 },
      { label: 'Ann', leads: 'owner=ann', open: 4, late: 0 },
    ],
    entries: [entry({ id: '1', kind: 'note', text: 'The fair was late this year.\nIt moves to spring.' })],
    earlier: [
      entry({ id: '2', kind: 'decision', text: `Stop ${HOSTILE}` }),
      entry({ id: '3', kind: 'todo', text: 'Ask Ben what holds him up' }),
      entry({
        ...{ id: '4', kind: 'todo', text: 'Mend the form' },
        done: { at: '2026-11-03T10:00:00.000Z', by: 'Ann' },
      }),
    ],
    ...more,
  };
}

/** A period in which nothing was handed over, as of an instant. */
export function emptyFigures(kind: ReviewKind, key: string): ReviewFigures {
  const full = madeFigures(kind, key);
  const empty = (range: Range): PeriodFigures => ({
    acceptance: { ...acceptanceReport(frame(range, 'owner'), [], TARGETS).total, leads: '' },
    speed: velocityReport(frame(range, 'owner'), [], () => ALWAYS).total,
    clocks: slaReport(frame(range, 'owner'), [], { tapeOf: () => ALWAYS, minSample: 30 }).total,
    reasons: [],
    scores: healthReport(frame(range, 'grade'), [], TARGETS).total,
  });
  const own = full.trail.at(-1) ?? full.before;
  return {
    ...full,
    ...{
      now: empty(own),
      then: empty(full.before),
      marks: [],
      entries: [],
      earlier: [],
      open: [],
      sources: [],
    },
    ...{ grades: [], versions: [], paths: [], ownerRates: [], ownerSpeed: [], ownerClocks: [] },
  };
}
