/** Working hours as an agreement writes them: `{ "mon-fri": ["09:00-17:30"] }`; null is always. */
type HoursText = Readonly<Record<string, readonly string[]>>;

/** The spans of one weekday, `09:00-17:30` each. */
export type DaySpans = readonly string[];

/** The weekdays, Monday first, as hours name them and as people read them. */
export const WEEKDAYS = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;

const NAMES: readonly string[] = WEEKDAYS.map(([name]) => name);

/** What somebody who says nothing else works. */
export const USUAL_WEEK: readonly DaySpans[] = NAMES.map((_, day) => (day < 5 ? ['09:00-17:30'] : []));

/**
 * The spans of every weekday, Monday first; what names no weekday is passed over. A range may go over the end of the week.
 *
 * @example weekOf({ 'mon-tue': ['09:00-12:00'] })[1] // ['09:00-12:00']
 * @example weekOf({ 'sun-thu': ['09:00-12:00'] })[6] // ['09:00-12:00']
 */
export function weekOf(hours: HoursText): readonly DaySpans[] {
  const week: string[][] = NAMES.map(() => []);
  for (const [key, spans] of Object.entries(hours)) {
    const [from = -1, to = from] = key
      .toLowerCase()
      .split('-')
      .map(name => NAMES.indexOf(name.trim()));
    if (from === -1 || to === -1) continue;
    const length = ((to - from + NAMES.length) % NAMES.length) + 1;
    for (let step = 0; step < length; step++) week[(from + step) % NAMES.length]?.push(...spans);
  }
  return week.map(spans => [...new Set(spans)].sort());
}

/**
 * The same written as hours, days of equal spans that follow each other together.
 *
 * @example hoursOf([['09:00-17:30'], ['09:00-17:30'], [], [], [], [], []]) // { 'mon-tue': ['09:00-17:30'] }
 */
export function hoursOf(week: readonly DaySpans[]): Readonly<Record<string, string[]>> {
  return Object.fromEntries(runsOf(week).map(({ from, to, spans }) => [keyOf(from, to), [...spans]]));
}

/**
 * Working hours in words; empty when no hour is worked.
 *
 * @example weekWords({ 'mon-fri': ['09:00-17:30'] }) // 'Mon–Fri 09:00–17:30'
 */
export function weekWords(hours: HoursText): string {
  return runsOf(weekOf(hours))
    .map(({ from, to, spans }) => `${dayWords(from, to)} ${spans.join(', ').replaceAll('-', '–')}`)
    .join('; ');
}

interface Run {
  readonly from: number;
  to: number;
  readonly spans: DaySpans;
}

function runsOf(week: readonly DaySpans[]): readonly Run[] {
  const runs: Run[] = [];
  week.forEach((spans, day) => {
    const last = runs.at(-1);
    if (last !== undefined && last.to === day - 1 && last.spans.join() === spans.join()) last.to = day;
    else runs.push({ from: day, to: day, spans });
  });
  return runs.filter(({ spans }) => spans.length > 0);
}

function keyOf(from: number, to: number): string {
  return from === to ? (NAMES[from] ?? '') : `${NAMES[from]}-${NAMES[to]}`;
}

function dayWords(from: number, to: number): string {
  const short = (day: number) => WEEKDAYS[day]?.[1].slice(0, 3) ?? '';
  return from === to ? short(from) : `${short(from)}–${short(to)}`;
}

/** The two ends of a span. @example endsOf('09:00-17:30') // ['09:00', '17:30'] */
export function endsOf(span: string): readonly [from: string, to: string] {
  const [from = '', to = ''] = span.split('-');
  return [from, to];
}

/**
 * What is wrong with the spans of a day, in words; null when nothing is. A day may end at 24:00.
 *
 * @example spansProblem(['17:00-09:00']) // 'Ends before it starts'
 */
export function spansProblem(spans: DaySpans): string | null {
  const ends = spans.map(endsOf);
  if (ends.some(([from, to]) => !CLOCK.test(from) || !CLOCK.test(to))) return 'Enter both times';
  if (ends.some(([from, to]) => to <= from)) return 'Ends before it starts';
  const sorted = [...ends].sort(([a], [b]) => (a < b ? -1 : 1));
  const doOverlap = sorted.some(([, to], index) => to > (sorted[index + 1]?.[0] ?? '99:99'));
  return doOverlap ? 'The times overlap' : null;
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
