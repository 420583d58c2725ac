import { compare, rateWords } from '../report/comparison.ts';
import { sourceDefinitions } from '../report/definition.ts';
import { REJECTION_DEFINITIONS } from '../report/rejection.ts';
import type { Amounts } from '../report/source.ts';
import { counted, listed, whole } from '../text/number.ts';
import type { ReviewFigures } from './figures.ts';
import { changeWords, lengthOf, restOf, sureWords, toneAgainst } from './finding.ts';
import type { ReviewSection } from './review.ts';
import { againstWords, beforeWords } from './section.ts';
import { count, named, portion, tableOf, words } from './table.ts';

/** How many sources and reasons a review names: what is looked at in a meeting. */
const NAMED = 10;

/** Which sources bring leads that sales wants, and which do not. */
export function sourceSection({ sources, now, targets }: ReviewFigures): ReviewSection {
  const all = now.acceptance.acceptanceRate;
  const judged = sources.filter(({ acceptanceRate }) => acceptanceRate.of > 0);
  const poor = judged
    .filter(({ acceptanceRate }) => toneAgainst(acceptanceRate, all) === 'bad')
    .sort((a, b) => b.acceptanceRate.of - a.acceptanceRate.of);
  const good = judged.filter(({ acceptanceRate }) => toneAgainst(acceptanceRate, all) === 'good');
  const campaigns = sources
    .flatMap(source =>
      source.children.map(child => ({ ...child, label: `${source.label} · ${child.label}` })),
    )
    .filter(({ key, acceptanceRate }) => key !== 'unknown' && toneAgainst(acceptanceRate, all) === 'bad')
    .sort((a, b) => b.acceptanceRate.of - a.acceptanceRate.of);
  const [worst] = poor;
  const greatest = sources[0]?.handedOff ?? 0;
  const rest = sources.slice(NAMED);
  return {
    id: 'sources',
    tone: worst !== undefined || campaigns.length > 0 ? 'bad' : 'plain',
    title:
      worst !== undefined
        ? `${worst.label} brings leads that sales turns away: ${rateWords(worst.acceptanceRate)} accepted against ${rateWords(restOf(worst.acceptanceRate, all))} of the rest`
        : campaigns[0] !== undefined
          ? `${campaigns[0].label} brings leads that sales turns away: ${rateWords(campaigns[0].acceptanceRate)} accepted against ${rateWords(restOf(campaigns[0].acceptanceRate, all))} of the rest`
          : judged.length < 2
            ? 'There is too little to compare sources by'
            : 'No source is clearly accepted less often than the others',
    text: [
      ...poor.slice(1, 3).map(row => `${againstWords(row.label, row.acceptanceRate, all)}.`),
      ...(good.length === 0
        ? []
        : [
            `Clearly better than the rest: ${listed(
              good.slice(0, 3).map(row => `${row.label} (${rateWords(row.acceptanceRate)})`),
              'and',
            )}.`,
          ]),
      ...campaigns.slice(0, 2).map(row => `Campaign ${againstWords(row.label, row.acceptanceRate, all)}.`),
      ...(rest.length === 0
        ? []
        : [
            `${counted(rest.length, 'smaller source')} with ${counted(
              rest.reduce((sum, row) => sum + row.handedOff, 0),
              'lead',
            )} ${rest.length === 1 ? 'is' : 'are'} not listed.`,
          ]),
    ],
    trend: null,
    tables:
      sources.length === 0
        ? []
        : [
            tableOf(
              'Leads of the period by source',
              [
                'Source',
                '#Handed off',
                '#Accepted',
                '#In time',
                '#Won',
                '#Value won',
                '#Half touched within',
              ],
              sources
                .slice(0, NAMED)
                .map(row => [
                  named(row),
                  count(row.handedOff, greatest),
                  portion(row.acceptanceRate, all),
                  words(rateWords(row.windowRate)),
                  count(row.won),
                  words(amountWords(row.value)),
                  words(lengthOf(row.medianFirstTouchMs)),
                ]),
            ),
          ],
    definitions: sourceDefinitions(targets).filter(({ id }) => id === 'source' || id === 'value'),
  };
}

/**
 * Amounts as people write them, each currency for itself; a dash without any.
 *
 * @example amountWords({ EUR: 1200, USD: 5 }) // 'EUR 1,200, USD 5'
 */
export function amountWords(value: Amounts): string {
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.length === 0
    ? '–'
    : parts.map(([currency, amount]) => `${currency} ${whole(amount)}`).join(', ');
}

/** Why leads were rejected, and which sources are behind the first reason. */
export function rejectionSection(of: ReviewFigures): ReviewSection {
  const { now, then, sources } = of;
  const [top] = now.reasons;
  const rejected = now.acceptance.rejected;
  const wasOf = (key: string) => then.reasons.find(row => row.key === key);
  const sizes = new Map(sources.map(row => [row.key, row.acceptanceRate.of]));
  const changed = now.reasons.filter(row => {
    const was = wasOf(row.key);
    const change = was === undefined ? null : compare(row.share, was.share);
    return change === 'higher' || change === 'lower';
  });
  return {
    id: 'rejections',
    tone: 'plain',
    title:
      top === undefined
        ? 'Nothing was rejected'
        : `Most often rejected for “${top.label}”: ${sureWords(top.share)}`,
    text: [
      ...(top === undefined
        ? []
        : [
            `Its share: ${wasOf(top.key) === undefined ? `none in ${beforeWords(of)}` : changeWords(top.share, wasOf(top.key)?.share ?? top.share, beforeWords(of))}.`,
          ]),
      ...changed
        .filter(row => row !== top)
        .slice(0, 3)
        .map(
          row =>
            `“${row.label}” is ${changeWords(row.share, wasOf(row.key)?.share ?? row.share, beforeWords(of))}: ${sureWords(row.share)}.`,
        ),
    ],
    trend: null,
    tables:
      top === undefined
        ? []
        : [
            tableOf(
              `Reasons of ${counted(rejected, 'rejection')}`,
              ['Reason', '#Rejected', '#Share before', '#Mostly from'],
              now.reasons.slice(0, NAMED).map(row => [
                named(row),
                { ...words(sureWords(row.share).replace(', few cases', '')), bar: row.share.value },
                words(rateWords(wasOf(row.key)?.share ?? { value: null, of: 0 })),
                words(
                  row.cells
                    .slice(0, 2)
                    .map(cell => `${cell.label} ${whole(cell.rejected)}`)
                    .join(', '),
                ),
              ]),
            ),
            ...(top.cells.length < 2
              ? []
              : [
                  tableOf(
                    `Who is behind “${top.label}”`,
                    ['Source', '#Rejected for it', '#Of its decided leads'],
                    top.cells.slice(0, 6).map(cell => {
                      const decided = sizes.get(cell.key) ?? 0;
                      return [
                        named(cell),
                        count(cell.rejected, top.cells[0]?.rejected ?? null),
                        words(
                          decided === 0
                            ? '–'
                            : `${rateWords({ value: cell.rejected / decided, of: decided })} (${whole(cell.rejected)} of ${whole(decided)})`,
                        ),
                      ];
                    }),
                  ),
                ]),
          ],
    definitions: REJECTION_DEFINITIONS.filter(({ id }) => id === 'rejected' || id === 'share'),
  };
}
