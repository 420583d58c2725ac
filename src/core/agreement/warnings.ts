import { isObject } from '../condition/reading.ts';
import { formatPath, makeReport, type Problem, type Report } from '../problem.ts';
import { DAY_NAMES } from '../time/clock.ts';
import { readWeek, type WeekHours } from './practice.ts';

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
      if (isObject(calendar)) doubtHours(calendar.hours, report.at('calendars', name, 'hours'));
  }
  return doubts;
}

function doubtRouting(raw: unknown, report: Report): void {
  if (!Array.isArray(raw) || raw.length === 0) return;
  if (raw.some(entry => isObject(entry) && Object.hasOwn(entry, 'fallback'))) return;
  report.add(
    'expected { fallback: team } as the last entry; without it, what nobody can take waits in the queue of no team',
  );
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
  const daysOf = new Map<string, string[]>();
  for (const [day, spans] of week.entries()) {
    for (const pair of overlapsIn(spans))
      daysOf.set(pair, [...(daysOf.get(pair) ?? []), DAY_NAMES[day] ?? '']);
  }
  for (const [pair, days] of daysOf) {
    const told = 'the hours of several keys add up, none replaces another';
    report.add(`${pair} overlap on ${days.join(', ')}; ${told}`);
  }
}

/** The overlaps of a day's hours, which come in the order of their beginnings, each in words. */
function overlapsIn(spans: WeekHours[number]): readonly string[] {
  return spans.flatMap((span, index) => {
    const before = spans.slice(0, index).find(other => span[0] < other[1]);
    return before === undefined ? [] : [`${spanWords(before)} and ${spanWords(span)}`];
  });
}

function spanWords([from, to]: readonly [number, number]): string {
  const clock = (minutes: number) =>
    [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':');
  return `${clock(from)}-${clock(to)}`;
}
