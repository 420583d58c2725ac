import { isObject } from '../condition/reading.ts';
import { nameOf, quote, type Report } from '../problem.ts';
import { checkKnown, checkUnique, listIn, mapIn, type Raw } from './entries.ts';
import { checkPromises } from './work.ts';

/**
 * Checks what no single value of an agreement can show: references, duplicate ids, evidence kinds, bounds.
 * It reads the file as written and passes over what the shape already refuses, so both can be reported at once.
 */
export function checkMeaning(raw: unknown, report: Report): void {
  if (!isObject(raw)) return;
  const scores = mapIn(raw, 'scores');
  const groups = mapIn(raw, 'groups');
  const ids = (key: string) => new Set(listIn(raw, key).map(entry => entry.id));
  for (const [name, score] of Object.entries(scores)) checkBounds(score, report.at('scores', name));
  for (const [name, group] of Object.entries(groups)) {
    checkBounds(group, report.at('groups', name));
    if (isObject(group))
      checkKnown(group.score, new Set(Object.keys(scores)), 'score', report.at('groups', name, 'score'));
  }
  for (const key of [
    'rules',
    'disqualify',
    'mql',
    'routing',
    'sla',
    'alerts',
    'reasons',
    'nurture',
    'outreach',
  ]) {
    checkUnique(listIn(raw, key), report.at(key));
  }
  listIn(raw, 'rules').forEach((rule, index) => {
    checkRule(rule, { scores, groups }, report.at('rules', index));
  });
  for (const key of ['disqualify', 'mql']) {
    listIn(raw, key).forEach((entry, index) => {
      if (!Object.hasOwn(entry, 'when') && !Object.hasOwn(entry, 'did'))
        report.add('expected when, did or both', key, index);
    });
  }
  for (const key of ['mql', 'routing', 'sla']) {
    listIn(raw, key).forEach((entry, index) => {
      checkScoreFields(entry.when, scores, report.at(key, index, 'when'));
    });
  }
  checkGrades(mapIn(raw, 'grades'), scores, report.at('grades'));
  checkPractice(raw, { calendars: mapIn(raw, 'calendars'), nurture: ids('nurture') }, report);
  checkPromises(raw, report);
}

function checkRule(
  rule: Raw,
  declared: { readonly scores: Raw; readonly groups: Raw },
  report: Report,
): void {
  const { score, group } = rule;
  checkKnown(score, new Set(Object.keys(declared.scores)), 'score', report.at('score'));
  checkKnown(group, new Set(Object.keys(declared.groups)), 'group', report.at('group'));
  const home =
    typeof group === 'string' && Object.hasOwn(declared.groups, group) ? declared.groups[group] : null;
  if (isObject(home) && typeof home.score === 'string' && home.score !== score && typeof score === 'string') {
    report.add(
      `group ${quote(String(group))} belongs to score ${quote(home.score)}; expected a group of ${quote(score)}`,
      'group',
    );
  }
  checkKind(rule, report);
}

/** The keys that each kind of evidence may use beside the common ones. */
const KINDS = {
  cases: ['cases'],
  on: ['points', 'on', 'window', 'limit', 'decay'],
  pattern: ['points', 'pattern', 'window', 'decay'],
  quiet: ['points', 'quiet', 'of'],
} as const;
const TRAIT = ['points'];
const EVIDENCE_KEYS = ['points', 'cases', 'on', 'window', 'limit', 'decay', 'pattern', 'quiet', 'of'];

function checkKind(rule: Raw, report: Report): void {
  const kinds = Object.entries(KINDS).filter(([kind]) => Object.hasOwn(rule, kind));
  const [first] = kinds;
  const allowed: readonly string[] = first?.[1] ?? TRAIT;
  const kind = first === undefined ? 'a rule without evidence' : `a rule with "${first[0]}"`;
  for (const key of EVIDENCE_KEYS) {
    if (Object.hasOwn(rule, key) && !allowed.includes(key)) {
      report.add(
        `"${key}" does not go with ${kind}; expected only ${allowed.join(', ')} beside the common keys`,
        key,
      );
    }
  }
  if (allowed.includes('points') && !Object.hasOwn(rule, 'points'))
    report.add('expected points: a non-zero integer');
  if (first === undefined && !Object.hasOwn(rule, 'when')) {
    report.add('expected when, or evidence: cases, on, pattern or quiet');
  }
}

function checkBounds(raw: unknown, report: Report): void {
  if (!isObject(raw)) return;
  const { min, max } = raw;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report.add(`min ${min} is above max ${max}; expected min to be at most max`, 'min');
  }
}

function checkScoreFields(raw: unknown, scores: Raw, report: Report): void {
  if (Array.isArray(raw)) {
    raw.forEach((item, index) => {
      checkScoreFields(item, scores, report.at(index));
    });
  }
  if (!isObject(raw)) return;
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'all' || key === 'any' || key === 'not') checkScoreFields(value, scores, report.at(key));
    const name = key.startsWith('score.') ? key.slice('score.'.length) : null;
    if (name !== null) checkKnown(name, new Set(Object.keys(scores)), 'score', report.at(key));
  }
}

function checkGrades(grades: Raw, scores: Raw, report: Report): void {
  for (const [name, bands] of Object.entries(grades)) {
    checkKnown(name, new Set(Object.keys(scores)), 'score', report.at(name));
    if (!isObject(bands)) continue;
    const marks = Object.keys(bands);
    const isLetters = marks.every(mark => /^[A-Ya-y]$/.test(mark));
    const isNumbers = marks.every(mark => /^(?:0|[1-9]\d?)$/.test(mark));
    if (marks.length === 0) report.add('expected at least one mark with its threshold', name);
    else if (!isLetters && !isNumbers)
      report.add('expected marks that are all single letters (A to Y) or all whole numbers', name);
    const thresholds = Object.values(bands);
    if (new Set(thresholds).size < thresholds.length)
      report.add('expected a different threshold for each mark', name);
  }
}

function checkPractice(
  raw: Raw,
  known: { readonly calendars: Raw; readonly nurture: ReadonlySet<unknown> },
  report: Report,
): void {
  const routing = listIn(raw, 'routing');
  routing.forEach((entry, index) => {
    if (Object.hasOwn(entry, 'fallback') && index < routing.length - 1) {
      report.add(
        'expected the fallback as the last entry: what follows it is never reached',
        'routing',
        index,
      );
    }
  });
  listIn(raw, 'sla').forEach(({ calendar }, index) => {
    if (calendar === 'always') return;
    checkKnown(
      calendar,
      new Set([...Object.keys(known.calendars), 'always']),
      'calendar',
      report.at('sla', index, 'calendar'),
    );
  });
  listIn(raw, 'reasons').forEach((reason, index) => {
    checkKnown(reason.nurture, known.nurture, 'nurture track', report.at('reasons', index, 'nurture'));
    if (reason.then === 'route' && !Object.hasOwn(reason, 'route'))
      report.add('expected route: the team it goes to', 'reasons', index);
  });
  const band = mapIn(raw, 'targets').acceptance;
  if (
    Array.isArray(band) &&
    typeof band[0] === 'number' &&
    typeof band[1] === 'number' &&
    band[0] > band[1]
  ) {
    report.add(
      `expected the lower share first, got ${nameOf(band[0])} before ${nameOf(band[1])}`,
      'targets',
      'acceptance',
    );
  }
}
