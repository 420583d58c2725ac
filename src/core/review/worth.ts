import { casesWords, compare, rateWords } from '../report/comparison.ts';
import { conversionDefinitions } from '../report/definition.ts';
import { HEALTH_DEFINITIONS } from '../report/health.ts';
import { figure, percentWords, whole } from '../text/number.ts';
import { dayIn } from '../time/zone.ts';
import type { ReviewFigures } from './figures.ts';
import { changeWords, sureWords } from './finding.ts';
import type { ReviewSection } from './review.ts';
import { beforeWords } from './section.ts';
import { count, interval, named, portion, tableOf, words } from './table.ts';

/** Up to which area a score tells leads no better than a coin, and from which on it does well. */
const COIN = 0.5;
const WELL = 0.7;

/** Whether a higher score means a better lead. */
export function scoringSection(of: ReviewFigures): ReviewSection {
  const { now, then, grades } = of;
  const { auc, meanTotal } = now.scores;
  const all = now.acceptance.acceptanceRate;
  const isBlind = auc.low !== null && auc.low <= COIN;
  const title =
    auc.value === null
      ? 'There is too little to judge scores by'
      : auc.high !== null && auc.high < COIN
        ? 'Scores point the wrong way: sales accepts low scores more often'
        : isBlind
          ? 'Scores do not clearly tell accepted leads from rejected ones'
          : auc.value >= WELL
            ? `Scores tell accepted leads from rejected ones well (AUC ${auc.value.toFixed(2)})`
            : `Scores tell accepted leads from rejected ones somewhat (AUC ${auc.value.toFixed(2)})`;
  const was = then.scores.meanTotal;
  return {
    id: 'scoring',
    tone: auc.value === null ? 'plain' : isBlind ? 'bad' : auc.value >= WELL ? 'good' : 'plain',
    title,
    text: [
      auc.value === null
        ? ''
        : `Of all pairs of an accepted and a rejected lead, the accepted one scored higher in ${percentWords(auc.value)}${auc.low === null || auc.high === null ? '' : ` (95% range ${percentWords(auc.low)} to ${percentWords(auc.high)})`}; a coin would reach 50%. It rests on ${whole(auc.n)} decisions.`,
      meanTotal === null
        ? ''
        : `The mean score at the handoff was ${figure(Math.round(meanTotal))}${was === null ? '' : `, after ${figure(Math.round(was))} in ${beforeWords(of)}`}.`,
    ].filter(text => text !== ''),
    trend: null,
    tables:
      grades.length === 0
        ? []
        : [
            tableOf(
              'Leads of the period by grade at the handoff',
              ['Grade', '#Handed off', '#Accepted', '#95% range', '#Won'],
              [...grades]
                .sort((a, b) => (a.key < b.key ? -1 : 1))
                .map(row => [
                  named(row),
                  count(row.handedOff, Math.max(...grades.map(({ handedOff }) => handedOff))),
                  portion(row.acceptanceRate, all),
                  interval(row.acceptanceRate),
                  words(row.wonRate.of === 0 ? '–' : casesWords(row.wonRate)),
                ]),
            ),
          ],
    definitions: HEALTH_DEFINITIONS.filter(({ id }) => id === 'auc' || id === 'meanTotal'),
  };
}

/** What became of the leads of earlier periods. */
export function outcomeSection({ conversion, targets, zone }: ReviewFigures): ReviewSection {
  const mature = conversion.filter(({ reached }) => reached.won.d90.value !== null);
  const last = mature.at(-1);
  const previous = mature.at(-2);
  const shareOf = (rate: {
    readonly value: number | null;
    readonly n: number;
    readonly of: number;
    readonly maturesAt?: string | undefined;
  }) =>
    words(
      rate.maturesAt === undefined
        ? rate.of === 0
          ? '–'
          : casesWords({ ...rate, low: null, high: null, enough: true })
        : `on ${dayIn(zone, Date.parse(rate.maturesAt))}`,
    );
  return {
    id: 'outcome',
    tone: 'plain',
    title:
      last === undefined
        ? 'No period is old enough to say what leads come to within 90 days'
        : `Of the leads of ${last.label}, ${sureWords(last.reached.opportunity.d90)} became opportunities within 90 days`,
    text:
      last === undefined || previous === undefined
        ? []
        : [
            `Opportunities: ${changeWords(last.reached.opportunity.d90, previous.reached.opportunity.d90, previous.label)}. Won: ${sureWords(last.reached.won.d90)}, ${changeWords(last.reached.won.d90, previous.reached.won.d90, previous.label)}.`,
          ],
    trend: null,
    tables: [
      tableOf(
        'Reached within 90 days of the handoff; the day on which there will be a figure where there is none yet',
        ['Handed off in', '#Leads', '#SQL', '#Opportunity', '#Won'],
        conversion
          .slice(-6)
          .map(row => [
            named(row),
            count(row.handedOff),
            shareOf(row.reached.sql.d90),
            shareOf(row.reached.opportunity.d90),
            shareOf(row.reached.won.d90),
          ]),
      ),
    ],
    definitions: conversionDefinitions(targets).filter(({ id }) => id === 'reached' || id === 'mature'),
  };
}

/** Whether the versions of the definition differ, and its paths. */
export function definitionSection({ versions, paths, now, marks, zone }: ReviewFigures): ReviewSection {
  const all = now.acceptance.acceptanceRate;
  const sorted = [...versions].sort((a, b) => Number(a.key) - Number(b.key));
  const [last, previous] = [sorted.at(-1), sorted.at(-2)];
  const change =
    last === undefined || previous === undefined
      ? null
      : compare(last.acceptanceRate, previous.acceptanceRate);
  const name = (label: string) => (/^\d+$/.test(label) ? `Version ${label}` : label);
  const rows = (of: typeof versions) =>
    of.map(row => [
      named({ ...row, label: name(row.label) }),
      count(row.handedOff, Math.max(...of.map(({ handedOff }) => handedOff))),
      portion(row.acceptanceRate, all),
      interval(row.acceptanceRate),
    ]);
  return {
    id: 'definition',
    tone: change === 'higher' ? 'good' : change === 'lower' ? 'bad' : 'plain',
    title:
      last === undefined
        ? 'No lead was handed over under any version'
        : previous === undefined || change === null
          ? `All leads that can be compared were handed over under one version (${name(last.label)})`
          : change === 'unclear'
            ? `${name(last.label)}: ${rateWords(last.acceptanceRate)} accepted, no clear change from ${rateWords(previous.acceptanceRate)} under ${name(previous.label).toLowerCase()}`
            : `${name(last.label)} ${change === 'higher' ? 'helped' : 'made it worse'}: ${rateWords(last.acceptanceRate)} accepted, after ${rateWords(previous.acceptanceRate)} under ${name(previous.label).toLowerCase()}`,
    text: marks
      .filter(({ version }) => version !== null)
      .map(({ at, text }) => `${text} on ${dayIn(zone, Date.parse(at))}.`),
    trend: null,
    tables: [
      ...(sorted.length === 0
        ? []
        : [
            tableOf(
              'Leads of the period by version',
              ['Version', '#Handed off', '#Accepted', '#95% range'],
              rows(sorted),
            ),
          ]),
      ...(paths.length === 0
        ? []
        : [
            tableOf(
              'The same by the path on which they qualified',
              ['Path', '#Handed off', '#Accepted', '#95% range'],
              rows(paths),
            ),
          ]),
    ],
    definitions: [
      {
        id: 'version',
        text: 'Version and path are those under which a lead was handed over; later versions do not change them.',
      },
    ],
  };
}
