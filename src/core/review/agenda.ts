import { rateWords } from '../report/comparison.ts';
import { periodWords } from '../report/label.ts';
import { verdictOf } from '../report/verdict.ts';
import { percentWords, whole } from '../text/number.ts';
import { formatInstant } from '../time/instant.ts';
import { unreachable } from '../unreachable.ts';
import { daysOf } from './calendar.ts';
import { rejectionSection, sourceSection } from './cause.ts';
import type { ReviewFigures } from './figures.ts';
import { bandWords, changeWords, growthWords, lengthOf, toneOf, verdictWords } from './finding.ts';
import { REVIEW_SPANS, reviewName } from './kind.ts';
import type { Review, ReviewSection } from './review.ts';
import {
  acceptanceSection,
  beforeWords,
  missSection,
  openSection,
  speedSection,
  volumeSection,
} from './section.ts';
import { definitionSection, outcomeSection, scoringSection } from './worth.ts';

/** Makes a review of what the reports say. Nothing of it is measured twice: every figure is one of a report. */
export function reviewOf(of: ReviewFigures): Review {
  const { kind, key, zone, at, trail, before, after, now, targets, entries, earlier } = of;
  const own = trail.at(-1) ?? before;
  const words = (period: { readonly key: string; readonly from: number }) =>
    periodWords(REVIEW_SPANS[kind], period, zone);
  const rate = now.acceptance.acceptanceRate;
  const verdict = verdictOf(rate, targets);
  const state = own.from > at ? 'ahead' : own.to > at ? 'running' : 'over';
  return {
    kind,
    key,
    title: `${reviewName(kind)}: ${words(own)}`,
    period: words(own),
    from: formatInstant(own.from),
    to: formatInstant(own.to),
    at: formatInstant(at),
    timezone: zone,
    state,
    days: [...daysOf(own, zone)],
    verdict: {
      verdict,
      headline: state === 'ahead' ? 'This period has not begun.' : headlineOf(of),
      tone: kind === 'weekly' ? weeklyTone(of) : toneOf(verdict),
    },
    highlights: highlightsOf(of),
    sections: state === 'ahead' ? [] : [...sectionsOf(of)],
    entries: [...entries],
    earlier: [...earlier],
    before: { key: before.key, period: words(before) },
    after: { key: after.key, period: words(after) },
  };
}

function sectionsOf(of: ReviewFigures): readonly ReviewSection[] {
  const { now, then, open } = of;
  const isEmpty =
    now.acceptance.handedOff + now.acceptance.elsewhere + then.acceptance.handedOff === 0 &&
    open.length === 0;
  if (isEmpty) return [];
  switch (of.kind) {
    case 'weekly':
      return [speedSection(of), openSection(of), missSection(of), volumeSection(of)];
    case 'monthly':
      return [
        acceptanceSection(of),
        sourceSection(of),
        rejectionSection(of),
        scoringSection(of),
        speedSection(of),
        missSection(of),
        volumeSection(of),
        outcomeSection(of),
      ];
    case 'quarterly':
      return [
        acceptanceSection(of),
        definitionSection(of),
        scoringSection(of),
        rejectionSection(of),
        outcomeSection(of),
        volumeSection(of),
      ];
    default:
      return unreachable(of.kind);
  }
}

function headlineOf(of: ReviewFigures): string {
  const { now, targets } = of;
  if (now.acceptance.handedOff === 0) return 'No lead was handed over in this period.';
  if (of.kind !== 'weekly') return verdictWords(now.acceptance.acceptanceRate, targets);
  const late = of.open.reduce((sum, row) => sum + row.late, 0);
  const missed = now.clocks.clocks.firstTouch.missed + now.clocks.clocks.decision.missed;
  const { medianMs } = now.speed.spans.firstTouch.working;
  const speed =
    medianMs === null
      ? 'less than half of the leads have been touched'
      : `half of the leads were touched within ${lengthOf(medianMs)}`;
  return `${whole(now.acceptance.handedOff)} handed off; ${speed}; ${missed === 0 ? 'no clock was missed' : `${whole(missed)} ${missed === 1 ? 'clock was' : 'clocks were'} missed`}; ${late === 0 ? 'nothing is late now' : `${whole(late)} ${late === 1 ? 'lead is' : 'leads are'} late now`}.`;
}

function weeklyTone({ open, now }: ReviewFigures): Review['verdict']['tone'] {
  const missed = now.clocks.clocks.firstTouch.missed + now.clocks.clocks.decision.missed;
  if (open.some(({ late }) => late > 0) || missed > 0) return 'bad';
  return now.acceptance.handedOff === 0 ? 'plain' : 'good';
}

function highlightsOf(of: ReviewFigures): Review['highlights'] {
  const { now, then, targets } = of;
  const before = beforeWords(of);
  const { acceptanceRate, handedOff, leads } = now.acceptance;
  const touch = now.speed.spans.firstTouch.working;
  const earlier = then.speed.spans.firstTouch.working;
  const kept = now.clocks.clocks.firstTouch.keptRate;
  const band = bandWords(targets);
  return [
    {
      label: 'Accepted by sales',
      value: rateWords(acceptanceRate),
      note:
        acceptanceRate.of === 0
          ? 'nothing decided yet'
          : `${whole(acceptanceRate.n)} of ${whole(acceptanceRate.of)} decided${band === '' ? '' : `; agreed ${band}`}`,
      tone: toneOf(verdictOf(acceptanceRate, targets)),
      leads,
    },
    {
      label: 'Qualified leads',
      value: whole(handedOff),
      note: growthWords(handedOff, then.acceptance.handedOff, before),
      tone: 'plain',
      leads,
    },
    {
      label: 'Half touched within',
      value: lengthOf(touch.medianMs),
      note: `working time; ${lengthOf(earlier.medianMs)} in ${before}`,
      tone: 'plain',
      leads: null,
    },
    {
      label: 'First touch in time',
      value: percentWords(kept.value),
      note:
        kept.of === 0
          ? 'no clock has run out'
          : `${changeWords(kept, then.clocks.clocks.firstTouch.keptRate, before)}`,
      tone: 'plain',
      leads: null,
    },
  ];
}
