import { isObject } from '../condition/reading.ts';
import { formatPath, makeReport, type Problem, type Report } from '../problem.ts';
import { figure } from '../text/number.ts';
import { clockWords, DAY_NAMES } from '../time/clock.ts';
import { DAY_MS } from '../time/duration.ts';
import { formatInstant, parseInstant } from '../time/instant.ts';
import { offsetMinutes, weekdayOf } from '../time/zone.ts';
import { type DayHours, readWeek } from './hours.ts';
import { doubtPromises } from './work.ts';

/**
 * Finds what an agreement may say and probably does not mean: routing without a fallback, hours that overlap. It reads the
 * file as written and passes over what cannot be read, so that doubts are told beside problems.
 *
 * @example findDoubts({ routing: [{ id: 'all', to: 'companyOwner' }] })[0]?.path // 'routing'
 */
export function findDoubts(raw: unknown): readonly Problem[] {
  const doubts: Problem[] = [];
  const report = makeReport((steps, message) => {
    doubts.push({ path: formatPath(steps), steps, message });
  });
  if (!isObject(raw)) return doubts;
  doubtRouting(raw.routing, report.at('routing'));
  if (Array.isArray(raw.disqualify)) {
    for (const [index, entry] of raw.disqualify.entries())
      if (isObject(entry)) doubtInvalid(entry.when, report.at('disqualify', index, 'when'));
  }
  if (isObject(raw.calendars)) {
    for (const [name, calendar] of Object.entries(raw.calendars))
      if (isObject(calendar)) doubtCalendar(calendar, report.at('calendars', name));
  }
  doubtPromises(raw, report);
  return doubts;
}

function doubtRouting(raw: unknown, report: Report): void {
  if (!Array.isArray(raw) || raw.length === 0) return;
  if (raw.some(entry => isObject(entry) && Object.hasOwn(entry, 'fallback'))) return;
  report.add(
    'expected { fallback: team } as the last entry; without it, what nobody can take waits in the queue of no team',
  );
}

function doubtCalendar(raw: Readonly<Record<string, unknown>>, report: Report): void {
  doubtHours(raw.hours, report.at('hours'));
  const closure = longestClosure(raw);
  if (closure !== null && closure.days > LONGEST_PLAUSIBLE_DAYS)
    report.add(
      `${dayWords(closure.from)} to ${dayWords(closure.to)} are ${figure(closure.days)} days without an hour of work; no clock runs out in them`,
      'holidays',
    );
  const doubt = typeof raw.timezone === 'string' ? doubtOfZone(raw.timezone.trim()) : null;
  if (doubt !== null) report.add(doubt, 'timezone');
}

/** A closure of this length is still meant, such as that of a season. */
const LONGEST_PLAUSIBLE_DAYS = 300;

/** The longest run of days that holidays keep closed; days without hours of their own lie inside it. */
function longestClosure(
  raw: Readonly<Record<string, unknown>>,
): { readonly from: number; readonly to: number; readonly days: number } | null {
  const { hours, holidays, open } = raw;
  if (!Array.isArray(holidays)) return null;
  const week = readWeek(
    hours,
    makeReport(() => undefined),
  );
  const isOpen = (day: number) => (week[weekdayOf(day)] ?? []).length > 0;
  const opened = new Set(
    Array.isArray(open) ? open.flatMap(entry => (isObject(entry) ? daysOf([entry.date]) : [])) : [],
  );
  let longest: { from: number; to: number; days: number } | null = null;
  let from: number | null = null;
  let last = Number.NaN;
  for (const day of daysOf(holidays)) {
    if (!isOpen(day) || opened.has(day)) continue;
    const between = Array.from(
      { length: Math.min(7, Math.max(0, day - last - 1)) },
      (_, past) => day - 1 - past,
    );
    const isNext = day - last <= 7 && !between.some(other => isOpen(other) || opened.has(other));
    if (from === null || !isNext) from = day;
    last = day;
    if (longest === null || day - from >= longest.days) longest = { from, to: day, days: day - from + 1 };
  }
  return longest;
}

/** The dates of a list that exist, in days since 1970-01-01, in order and each once. */
function daysOf(raw: readonly unknown[]): readonly number[] {
  const days = raw.flatMap(date => {
    const at = typeof date === 'string' ? parseInstant(date) : null;
    return at === null ? [] : [Math.floor(at / DAY_MS)];
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

function dayWords(day: number): string {
  return formatInstant(day * DAY_MS).slice(0, 10);
}

/** Names of three letters that are places, or UTC itself, which nobody takes for a place. */
const NOT_SHORT = new Set(['utc', 'uct', 'prc', 'roc', 'rok']);
const JANUARY = Date.UTC(2026, 0, 1);
const JULY = Date.UTC(2026, 6, 1);

/** What is likely not meant by a time zone: an abbreviation, or a fixed distance from UTC. */
function doubtOfZone(zone: string): string | null {
  const isEtc = /^etc\/gmt[+-]\d+$/i.test(zone);
  const isShort = /^[a-z]{3}$/i.test(zone) && !NOT_SHORT.has(zone.toLowerCase());
  const [january, july] = [offsetMinutes(zone, JANUARY), offsetMinutes(zone, JULY)];
  if (!(isEtc || isShort) || january === null || july === null) return null;
  const advice = 'write a place such as Europe/London or America/New_York';
  if (january !== july)
    return `${zone} stands for other zones in other countries (it is read as ${distanceWords(january)} in winter); ${advice}`;
  const sign = isEtc && january !== 0 ? ', since the sign of Etc zones reads the other way round' : '';
  return `${zone} is ${distanceWords(january)} all year${sign}, without daylight saving; ${advice} where clocks change`;
}

function distanceWords(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const hours = minutes % 60 === 0 ? figure(Math.abs(minutes) / 60) : clockWords(Math.abs(minutes));
  return `${hours} h ${minutes < 0 ? 'behind' : 'ahead of'} UTC`;
}

/** An address that cannot be read tells nothing of its owner: it is to be completed, not held against the lead. */
function doubtInvalid(raw: unknown, report: Report): void {
  if (!isObject(raw)) return;
  for (const key of ['all', 'any'] as const) {
    const parts = raw[key];
    if (Array.isArray(parts))
      for (const [index, part] of parts.entries()) doubtInvalid(part, report.at(key, index));
  }
  const test = raw['contact.emailKind'];
  const asked = isObject(test) ? [test.is, test.in] : [test];
  if (!asked.flat().some(value => value === 'invalid')) return;
  report
    .at('contact.emailKind')
    .add(
      'expected disposable or free; invalid closes a perfect lead for a comma in its address. Leave it out: a lead that nothing else reaches waits for a person to complete the address',
    );
}

function doubtHours(raw: unknown, report: Report): void {
  const week = readWeek(
    raw,
    makeReport(() => undefined),
  );
  const daysOfPair = new Map<string, string[]>();
  for (const [day, spans] of week.entries()) {
    const before = week[(day + week.length - 1) % week.length] ?? [];
    for (const pair of [...overlapsIn(spans), ...overlapsAcross(before, spans)])
      daysOfPair.set(pair, [...(daysOfPair.get(pair) ?? []), DAY_NAMES[day] ?? '']);
  }
  for (const [pair, days] of daysOfPair) {
    const told = 'the hours of several keys add up, none replaces another';
    report.add(`${pair} overlap on ${days.join(', ')}; ${told}`);
  }
}

/** The overlaps of a day's hours, which come in the order of their beginnings, each in words. */
function overlapsIn(spans: DayHours): readonly string[] {
  return spans.flatMap((span, index) => {
    const before = spans.slice(0, index).find(other => span[0] < other[1]);
    return before === undefined ? [] : [`${spanWords(before)} and ${spanWords(span)}`];
  });
}

/** The overlaps of what runs past midnight with the hours of the next day. */
function overlapsAcross(before: DayHours, spans: DayHours): readonly string[] {
  const late = before.filter(([, to]) => to > DAY_MINUTES);
  return late.flatMap(span =>
    spans
      .filter(([from]) => from < span[1] - DAY_MINUTES)
      .map(other => `${spanWords(span)} of the day before and ${spanWords(other)}`),
  );
}

const DAY_MINUTES = 24 * 60;

function spanWords([from, to]: readonly [number, number]): string {
  return `${clockWords(from)}-${clockWords(to > DAY_MINUTES ? to - DAY_MINUTES : to)}`;
}
