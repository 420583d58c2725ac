import type { Mark } from './answer.ts';
import { compare, rateWords, together } from './comparison.ts';
import type { Rate } from './rate.ts';
import { type Targets, type Verdict, verdictOf } from './verdict.ts';

/** Where a rate stands, as a part of a sentence. */
const PLACES: Readonly<Record<Verdict, string>> = {
  not_enough: '',
  below_floor: ', below the floor',
  below_band: ', below the agreed band',
  in_band: ', inside the agreed band',
  above_band: ', above the agreed band',
  above_ceiling: ', above the ceiling',
};

/** One period of a rate: when it begins, and the rate. */
export interface RatePeriod {
  readonly from: number;
  readonly label: string;
  readonly rate: Rate;
}

/**
 * What a trend of rates says, in a sentence: the rate since the last version of the agreement against the one before it or,
 * within one version, of the last period with cases against all before; no change where chance may explain it.
 */
export function trendFinding(of: {
  readonly name: string;
  readonly periods: readonly RatePeriod[];
  readonly marks: readonly Mark[];
  readonly targets: Targets;
}): string {
  const { name, periods, marks, targets } = of;
  const known = periods.filter(({ rate }) => rate.value !== null);
  const last = known.at(-1);
  if (last === undefined) return `${name}: no cases yet`;
  const version = versionWithin(known, marks);
  const since = version === null ? [last] : known.filter(({ from }) => from >= version.from);
  const before = known.filter(period => !since.includes(period));
  const now = together(
    since.map(({ rate }) => rate),
    targets.minSample,
  );
  const was = together(
    before.map(({ rate }) => rate),
    targets.minSample,
  );
  const place = PLACES[verdictOf(now, targets) ?? 'not_enough'];
  const when = version === null ? `, in ${last.label}` : `, since ${version.words}`;
  const change = compare(now, was);
  const figure = rateWords(now);
  if (change === 'higher') return `${name} rose from ${rateWords(was)} to ${figure}${place}${when}`;
  if (change === 'lower') return `${name} fell from ${rateWords(was)} to ${figure}${place}${when}`;
  const sure = now.enough ? '' : ', of few cases';
  return `${name} is ${figure}${place}${sure}${when}${change === 'unclear' ? `: no clear change from ${rateWords(was)}` : ''}`;
}

/** The last version that came into force between two periods with cases, from the period after it on. */
function versionWithin(
  known: readonly RatePeriod[],
  marks: readonly Mark[],
): { readonly from: number; readonly words: string } | null {
  for (const { at, version } of [...marks].reverse()) {
    const since = known.find(({ from }) => from >= Date.parse(at));
    if (version !== null && since !== undefined && since !== known[0])
      return { from: since.from, words: `version ${version}` };
  }
  return null;
}
