import { intervalWords, rateWords } from '../report/comparison.ts';
import { acceptanceDefinitions, slaDefinitions, velocityDefinitions } from '../report/definition.ts';
import { growthOf } from '../report/growth.ts';
import { periodWords } from '../report/label.ts';
import type { Rate } from '../report/rate.ts';
import { verdictOf } from '../report/verdict.ts';
import { counted, percentWords, whole } from '../text/number.ts';
import { periodMark } from './calendar.ts';
import type { ReviewFigures } from './figures.ts';
import {
  certaintyWords,
  changeWords,
  growthWords,
  lengthOf,
  restOf,
  sureWords,
  toneAgainst,
  toneOf,
} from './finding.ts';
import { REVIEW_SPANS } from './kind.ts';
import type { RateTrend, ReviewSection } from './review.ts';
import { count, interval, named, portion, tableOf, words } from './table.ts';

/** What the period before that of a review is called. */
export function beforeWords({ kind, before, zone }: ReviewFigures): string {
  return kind === 'weekly' ? 'the week before' : periodWords(REVIEW_SPANS[kind], before, zone);
}

const PLAIN: Pick<ReviewSection, 'tone' | 'trend' | 'tables' | 'definitions'> = {
  tone: 'plain',
  trend: null,
  tables: [],
  definitions: [],
};

/** What sales accepted, over the periods that led here. */
export function acceptanceSection(of: ReviewFigures): ReviewSection {
  const { now, then, targets, rates } = of;
  const rate = now.acceptance.acceptanceRate;
  const verdict = verdictOf(rate, targets);
  const { windowRate, handedOff, accepted, rejected, open } = now.acceptance;
  const change = changeWords(rate, then.acceptance.acceptanceRate, beforeWords(of));
  return {
    ...PLAIN,
    id: 'acceptance',
    tone: toneOf(verdict),
    title:
      rate.of === 0
        ? 'No lead of this period has been decided yet'
        : `Sales accepted ${sureWords(rate)}: ${change}`,
    text: [
      `Of ${counted(handedOff, 'lead')} handed off, ${whole(accepted)} ${accepted === 1 ? 'was' : 'were'} accepted, ${whole(rejected)} rejected, and ${whole(open)} ${open === 1 ? 'is' : 'are'} not decided.`,
      certaintyWords(rate, targets),
      windowRate.of === 0
        ? ''
        : `Accepted within the agreed time: ${sureWords(windowRate)}, ${changeWords(windowRate, then.acceptance.windowRate, beforeWords(of))}.`,
    ].filter(text => text !== ''),
    trend: rates.some(row => row.acceptanceRate.of > 0) ? trendOfRates(of) : null,
    tables: [
      tableOf(
        'Acceptance by period of handoff',
        ['Period', '#Handed off', '#Accepted', '#95% range', '#Open'],
        rates
          .slice(-6)
          .map(row => [
            named(row),
            count(row.handedOff),
            portion(row.acceptanceRate),
            interval(row.acceptanceRate),
            count(row.open),
          ]),
      ),
    ],
    definitions: [...acceptanceDefinitions(targets)],
  };
}

function trendOfRates({ kind, rates, trail, marks, targets }: ReviewFigures): RateTrend {
  const { acceptance, floor, ceiling } = targets;
  const place = (at: number) => {
    const index = trail.findIndex(({ from, to }) => from <= at && at < to);
    const period = trail[index];
    return period === undefined ? null : index + (at - period.from) / (period.to - period.from);
  };
  return {
    title: 'Sales acceptance rate by period of handoff',
    periods: trail.map(({ key }) => periodMark(kind, key)),
    points: rates.map(({ label, acceptanceRate }) => ({
      ...{ value: acceptanceRate.value, low: acceptanceRate.low, high: acceptanceRate.high },
      isSmall: !acceptanceRate.enough,
      hint: `${label}: ${sureWords(acceptanceRate)}`,
    })),
    band: acceptance ?? null,
    floor: floor ?? null,
    ceiling: ceiling ?? null,
    marks: marks.flatMap(({ at, version }) => {
      const where = place(Date.parse(at));
      return where === null || version === null ? [] : [{ place: where, text: `Version ${version}` }];
    }),
  };
}

/** How many leads there were, and whether their number grows. */
export function volumeSection(of: ReviewFigures): ReviewSection {
  const { now, then, rates, kind, targets } = of;
  const { handedOff } = now.acceptance;
  const { mean3 } = growthOf(rates.slice(-4).map(row => row.handedOff));
  const { mean, target } = now.scores.mqlPerWeek;
  const pace =
    target === null || mean === null
      ? []
      : [
          `That is ${whole(Math.round(mean))} a week; the agreement aims at ${whole(target)}${mean < target ? '' : ', so there are enough'}.`,
        ];
  const accepted = rates.map(row => row.accepted);
  return {
    ...PLAIN,
    id: 'volume',
    tone: target !== null && mean !== null && mean < target * 0.8 ? 'bad' : 'plain',
    title: `${counted(handedOff, 'qualified lead')}: ${growthWords(handedOff, then.acceptance.handedOff, beforeWords(of))}`,
    text: [
      ...pace,
      mean3 === null || kind === 'quarterly'
        ? ''
        : `Over the last three ${kind === 'weekly' ? 'weeks' : 'months'} their number ${mean3 < 0 ? 'fell' : 'grew'} by ${percentWords(Math.abs(mean3))} on average.`,
      `${whole(accepted.at(-1) ?? 0)} of them ${accepted.at(-1) === 1 ? 'is' : 'are'} accepted so far; ${beforeWords(of)} has ${whole(then.acceptance.accepted)}.${now.acceptance.open === 0 ? '' : ` ${whole(now.acceptance.open)} ${now.acceptance.open === 1 ? 'waits' : 'wait'} for a decision.`}`,
      targets.mqlPerWeek === undefined ? 'The agreement names no number of leads to aim at.' : '',
    ].filter(text => text !== ''),
  };
}

/** How fast leads were touched and decided. */
export function speedSection(of: ReviewFigures): ReviewSection {
  const { now, then } = of;
  const touch = now.speed.spans.firstTouch.working;
  const earlier = then.speed.spans.firstTouch.working;
  const line = (label: string, span: 'firstTouch' | 'decision') => {
    const [is, was] = [now.speed.spans[span].working, then.speed.spans[span].working];
    return [
      words(label),
      words(lengthOf(is.medianMs)),
      words(lengthOf(is.p90Ms)),
      words(`${whole(is.events)} of ${whole(is.n)}`),
      words(lengthOf(was.medianMs)),
      words(lengthOf(was.p90Ms)),
    ];
  };
  const slow = [...of.ownerSpeed]
    .map(row => ({ row, touch: row.spans.firstTouch.working }))
    .filter(({ touch: { n } }) => n > 0)
    .sort((a, b) => (b.touch.medianMs ?? Infinity) - (a.touch.medianMs ?? Infinity))
    .slice(0, 8);
  const slowest = slow[0];
  const greatest = Math.max(0, ...slow.map(({ touch: { medianMs } }) => medianMs ?? 0));
  const isSlow =
    slow.length > 1 &&
    slowest !== undefined &&
    touch.medianMs !== null &&
    slowest.touch.n >= 5 &&
    (slowest.touch.medianMs ?? Infinity) > 2 * touch.medianMs;
  return {
    ...PLAIN,
    id: 'speed',
    title:
      touch.n === 0
        ? 'No handoffs whose speed could be measured'
        : touch.medianMs === null
          ? 'Less than half of the leads have been touched'
          : `Half of the leads were touched within ${lengthOf(touch.medianMs)} of working time`,
    text: [
      ...(touch.n === 0
        ? []
        : [
            `In ${beforeWords(of)} it was ${lengthOf(earlier.medianMs)}. Nine of ten took ${lengthOf(touch.p90Ms)} at most; leads that still wait count for as long as they have waited.`,
          ]),
      ...(isSlow
        ? [
            slowest.touch.medianMs === null
              ? `${slowest.row.label} has not touched half of ${counted(slowest.touch.n, 'lead')} yet.`
              : `${slowest.row.label} takes longest: half of ${counted(slowest.touch.n, 'lead')} waited longer than ${lengthOf(slowest.touch.medianMs)}.`,
          ]
        : []),
    ],
    tables:
      touch.n === 0
        ? []
        : [
            tableOf(
              'From handoff, in working time',
              [
                'Until',
                '#Half within',
                '#Nine of ten within',
                '#Done',
                '#Half, before',
                '#Nine of ten, before',
              ],
              [line('First touch', 'firstTouch'), line('Decision', 'decision')],
            ),
            tableOf(
              'First touch by owner, the slowest first',
              ['Owner', '#Leads', '#Half touched within', '#Nine of ten within'],
              slow.map(({ row, touch: own }) => [
                named(row),
                count(own.n),
                {
                  ...words(lengthOf(own.medianMs), isSlow && row === slowest.row ? 'bad' : 'plain'),
                  bar: own.medianMs === null || greatest === 0 ? null : own.medianMs / greatest,
                },
                words(lengthOf(own.p90Ms)),
              ]),
            ),
          ],
    definitions: velocityDefinitions().filter(({ id }) => id !== 'handedOff'),
  };
}

/** Which clocks were missed, and whose. */
export function missSection(of: ReviewFigures): ReviewSection {
  const { now, then, targets } = of;
  const { firstTouch, decision } = now.clocks.clocks;
  const missed = firstTouch.missed + decision.missed;
  const touched = firstTouch.keptRate;
  const owners = of.ownerClocks
    .map(row => ({ row, missed: row.clocks.firstTouch.missed + row.clocks.decision.missed }))
    .filter(owner => owner.missed > 0)
    .sort((a, b) => b.missed - a.missed)
    .slice(0, 8);
  const worst = owners.find(({ row }) => toneAgainst(row.clocks.firstTouch.keptRate, touched) === 'bad');
  const clock = (label: string, kind: 'firstTouch' | 'decision') => {
    const [is, was] = [now.clocks.clocks[kind], then.clocks.clocks[kind]];
    return [
      words(label),
      portion(is.keptRate),
      count(is.missed, null, is.missed > 0 ? 'bad' : 'plain'),
      count(is.running),
      words(lengthOf(is.lateMedianMs)),
      portion(was.keptRate),
    ];
  };
  const isEmpty = touched.of + decision.keptRate.of === 0;
  return {
    ...PLAIN,
    id: 'misses',
    tone: missed > 0 ? 'bad' : 'plain',
    title: isEmpty
      ? 'No clock has run out in this period'
      : missed === 0
        ? 'Every clock that ran out was kept'
        : `${counted(missed, 'clock was', 'clocks were')} missed: ${whole(firstTouch.missed)} of first touch, ${whole(decision.missed)} of decision`,
    text: [
      touched.of === 0
        ? ''
        : `First touches in time: ${sureWords(touched)}, ${changeWords(touched, then.clocks.clocks.firstTouch.keptRate, beforeWords(of))}.`,
      worst === undefined
        ? ''
        : `${worst.row.label} keeps clearly fewer than the others: ${sureWords(worst.row.clocks.firstTouch.keptRate)} against ${rateWords(restOf(worst.row.clocks.firstTouch.keptRate, touched))}.`,
    ].filter(text => text !== ''),
    tables: isEmpty
      ? []
      : [
          tableOf(
            'Clocks of the leads handed off in the period',
            ['Clock', '#Kept', '#Missed', '#Running', '#Half late by', '#Kept, before'],
            [clock('First touch', 'firstTouch'), clock('Decision', 'decision')],
          ),
          ...(owners.length === 0
            ? []
            : [
                tableOf(
                  'Missed by owner',
                  ['Owner', '#Missed', '#First touch kept', '#Decision kept'],
                  owners.map(owner => [
                    named(owner.row),
                    count(owner.missed, owners[0]?.missed ?? null),
                    portion(owner.row.clocks.firstTouch.keptRate, touched),
                    portion(owner.row.clocks.decision.keptRate, decision.keptRate),
                  ]),
                ),
              ]),
        ],
    definitions: slaDefinitions(targets).filter(({ id }) => id !== 'handedOff' && id !== 'interval'),
  };
}

/** What waits for a decision. */
export function openSection({ open }: ReviewFigures): ReviewSection {
  const total = open.reduce((sum, row) => sum + row.open, 0);
  const late = open.reduce((sum, row) => sum + row.late, 0);
  const greatest = Math.max(0, ...open.map(row => row.open));
  return {
    ...PLAIN,
    id: 'open',
    tone: late > 0 ? 'bad' : 'plain',
    title:
      total === 0
        ? 'Nothing waits for a decision'
        : `${counted(total, 'lead waits', 'leads wait')} for a decision, ${late === 0 ? 'none of them late' : `${whole(late)} of them late`}`,
    text: [],
    tables:
      total === 0
        ? []
        : [
            tableOf(
              'Open leads by owner, handed off within a year',
              ['Owner', '#Open', '#Late'],
              open
                .slice(0, 10)
                .map(row => [
                  named(row),
                  count(row.open, greatest),
                  count(row.late, null, row.late > 0 ? 'bad' : 'plain'),
                ]),
            ),
          ],
    definitions: [
      {
        id: 'open',
        text: 'Open: handed off within the last twelve months and neither accepted nor rejected, whatever period they belong to. Late: the first touch or the decision is past due and not done.',
      },
    ],
  };
}

/** A rate against those of others, in words. */
export function againstWords(name: string, rate: Rate, all: Rate): string {
  return `${name}: ${sureWords(rate)} against ${rateWords(restOf(rate, all))} of the rest (${intervalWords(restOf(rate, all))})`;
}
