import { leftWords } from '../followup/words.ts';
import { casesWords, compare, intervalWords, rateWords } from '../report/comparison.ts';
import { type Rate, rateOf, USUAL_SAMPLE } from '../report/rate.ts';
import { type Targets, type Verdict, verdictOf } from '../report/verdict.ts';
import { counted, percentWords, whole } from '../text/number.ts';
import { DAY_MS } from '../time/duration.ts';
import type { Tone } from './review.ts';

/**
 * What a rate is against that of the period before: a change is named only where their intervals do not overlap.
 *
 * @example changeWords(rateOf({ n: 90, of: 100 }, 30), rateOf({ n: 40, of: 100 }, 30), 'May') // 'up from 40% in May'
 */
export function changeWords(now: Rate, then: Rate, period: string): string {
  const change = compare(now, then);
  if (change === null) return then.of === 0 ? `no cases in ${period} to compare with` : 'no cases yet';
  if (change === 'unclear') return `no clear change from ${rateWords(then)} in ${period}`;
  return `${change === 'higher' ? 'up' : 'down'} from ${rateWords(then)} in ${period}`;
}

/** A rate as a part of a sentence, said to be of few cases where it is. */
export function sureWords(rate: Rate): string {
  return rate.of === 0 || rate.enough ? casesWords(rate) : `${casesWords(rate)}, few cases`;
}

/** The rate of all others. @example restOf(rateOf({ n: 1, of: 2 }, 1), rateOf({ n: 4, of: 6 }, 1)).value // 0.75 */
export function restOf(part: Rate, all: Rate): Rate {
  return rateOf({ n: all.n - part.n, of: all.of - part.of }, USUAL_SAMPLE);
}

/** Whether a part does clearly worse or better than all others. */
export function toneAgainst(part: Rate, all: Rate): Tone {
  const change = compare(part, restOf(part, all));
  return change === 'higher' ? 'good' : change === 'lower' ? 'bad' : 'plain';
}

/**
 * How long something takes, as people say it; a dash where it is not known.
 *
 * @example lengthOf(5 * 60_000) // '5 min'
 */
export function lengthOf(ms: number | null): string {
  if (ms === null) return '–';
  return ms >= 3 * DAY_MS ? counted(Math.round(ms / DAY_MS), 'day') : leftWords(ms);
}

/** The band in words. @example bandWords({ acceptance: [0.65, 0.75] }) // '65–75%' */
export function bandWords({ acceptance }: Pick<Targets, 'acceptance'>): string {
  return acceptance === undefined ? '' : `${Math.round(acceptance[0] * 100)}–${percentWords(acceptance[1])}`;
}

const TONES: Readonly<Record<Verdict, Tone>> = {
  not_enough: 'plain',
  below_floor: 'bad',
  below_band: 'bad',
  in_band: 'good',
  above_band: 'plain',
  above_ceiling: 'bad',
};

/** The colour of a verdict; plain without one. */
export function toneOf(verdict: Verdict | null): Tone {
  return verdict === null ? 'plain' : TONES[verdict];
}

/** What the acceptance of a period says of the definition, in one sentence. */
export function verdictWords(rate: Rate, targets: Targets): string {
  const verdict = verdictOf(rate, targets);
  const figure = rateWords(rate);
  const band = bandWords(targets);
  const inBand = band === '' ? 'within the agreed limits' : `in the agreed band of ${band}`;
  if (rate.of === 0) return 'No lead of this period has been decided, so there is no verdict.';
  if (verdict === null)
    return `Sales accepted ${figure} of the leads it decided; the agreement names no band to judge that by.`;
  switch (verdict) {
    case 'not_enough':
      return `Too few decisions for a verdict: ${whole(rate.of)}, and the agreement asks for ${whole(targets.minSample)}.`;
    case 'below_floor':
      return `Acceptance of ${figure} is below the floor of ${percentWords(targets.floor ?? null)}: the definition lets through leads that sales does not want.`;
    case 'below_band':
      return `Acceptance of ${figure} is below the agreed band of ${band}: sales turns away more than both sides agreed on.`;
    case 'in_band':
      return `Acceptance of ${figure} lies ${inBand}: the definition holds.`;
    case 'above_band':
      return `Acceptance of ${figure} is above the agreed band of ${band}: the bar may be higher than it needs to be.`;
    case 'above_ceiling':
      return `Acceptance of ${figure} is above the ceiling of ${percentWords(targets.ceiling ?? null)}: good leads are likely to be left behind, or decisions are not looked at closely.`;
  }
}

/**
 * How far chance may move a verdict: what the interval of the rate reaches of the band. Nothing where there is no verdict.
 */
export function certaintyWords(rate: Rate, targets: Targets): string {
  const { acceptance } = targets;
  if (rate.low === null || rate.high === null) return '';
  const head = `With ${whole(rate.of)} decisions the true rate lies between ${intervalWords(rate).replace('–', '% and ')} with 95% certainty`;
  if (acceptance === undefined || !rate.enough) return `${head}.`;
  const [low, high] = acceptance;
  if (isIn(acceptance, rate.low) && isIn(acceptance, rate.high)) return `${head}, all of it in the band.`;
  const isApart = rate.high < low || rate.low > high;
  return isApart
    ? `${head}, outside the band: chance does not explain it.`
    : `${head}, which reaches ${isIn(acceptance, rate.value ?? 0) ? 'out of' : 'into'} the band, so the verdict is not beyond doubt.`;
}

function isIn([low, high]: readonly [number, number], value: number): boolean {
  return low <= value && value <= high;
}

/** How many more or fewer there are than before. @example growthWords(12, 10, 'May') // '20% more than in May (10)' */
export function growthWords(now: number, then: number, period: string): string {
  if (then === 0) return now === 0 ? `none in ${period} either` : `none in ${period}`;
  if (now === then) return `as many as in ${period}`;
  const share = Math.abs(now - then) / then;
  return `${percentWords(share)} ${now > then ? 'more' : 'fewer'} than in ${period} (${whole(then)})`;
}
