import type { Agreement, Did, Disqualifier, Path } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';
import { makeSpelling, matchWords } from '../condition/words.ts';
import { countWords, figure, listed, timesWords } from '../text/number.ts';
import { cut, oneLine } from '../text/safe.ts';
import { spanWords } from '../time/span.ts';
import { matchingTimes } from './sentence.ts';
import type { Missing, MissingEvidence, MissingPath, Obstacle, ShortScore, Suggestion } from './shape.ts';
import { fewestPoints, holdsFor, isReachable, type Need, needOf, TOTAL, wordsOf } from './shortfall.ts';
import { type Aspirant, isSettled, makeSuggestionFinder } from './suggestion.ts';
import { fieldsIn, valueIn, valueWords } from './view.ts';

/** What an event counts for when paths are ordered by nearness: about what one usually gives. */
const POINTS_OF_EVENT = 10;
/** How many paths are put into words. */
const PATHS_TOLD = 3;
const SETTLED = 'only a change in the profile could give that';
const MAX_LABEL = 80;
const MAX_TEXT = 400;

/** What a lead lacks to qualify; null when it qualifies. */
export function missingOf(lead: Aspirant): Missing | null {
  const { agreement, score } = lead;
  if (score.qualifies !== null) return null;
  const disqualified = score.disqualified.flatMap(id => {
    const entry = agreement.disqualify.find(other => other.id === id);
    return entry === undefined ? [] : [obstacleOf(entry, lead)];
  });
  const findWays = makeSuggestionFinder(lead);
  const paths = agreement.mql
    .map(path => {
      const found = missingPath(path, lead, findWays);
      return { path: found, distance: distanceOf(found) };
    })
    .sort((a, b) => compare(a.distance, b.distance))
    .map(({ path }) => path);
  return { disqualified, paths, text: textOf(disqualified, paths) };
}

/** Out of reach last, then by what points do not mend, then by points. */
function distanceOf({ reachable, conditions, fewest, evidence }: MissingPath): readonly number[] {
  const events = evidence === null ? 0 : evidence.times - evidence.did;
  return [reachable ? 0 : 1, conditions.length, fewest + POINTS_OF_EVENT * events];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function missingPath(
  path: Path,
  lead: Aspirant,
  findWays: (need: Need) => readonly Suggestion[],
): MissingPath {
  const need: Need =
    path.when === null ? { least: new Map(), failing: [], isHopeless: false } : needOf(path.when, lead);
  const evidence = path.did === null ? null : missingEvidence(path.did, lead);
  const reachable = isReachable(need, lead);
  const points = shortScores(need, lead, reachable);
  const found = {
    id: path.id,
    label: oneLine(path.label, MAX_LABEL),
    points,
    fewest: fewestPoints(need, lead.score),
    reachable,
    evidence,
    conditions: [...need.failing],
    ways: points.length === 0 || !reachable ? [] : [...findWays(need)],
  };
  return { ...found, text: cut(pathText(found, lead.agreement), MAX_TEXT) };
}

function shortScores({ least }: Need, lead: Aspirant, reachable: boolean): ShortScore[] {
  const { agreement, score } = lead;
  const all = [
    ...agreement.scores.map(({ id, label }) => ({ id, label, is: score.scores[id] ?? 0 })),
    { id: TOTAL, label: 'Total', is: score.total },
  ];
  return all.flatMap(({ id, label, is }) => {
    const needed = least.get(id);
    if (needed === undefined || needed <= is) return [];
    const settled = reachable && isSettled(id, lead);
    const shown = { score: id === TOTAL ? null : id, label: oneLine(label, MAX_LABEL) };
    return [{ ...shown, is, needed, short: needed - is, settled }];
  });
}

function missingEvidence(did: Did, { agreement, events, at }: Aspirant): MissingEvidence | null {
  const { on, withinMs, times } = did;
  const since = withinMs === null ? Number.NEGATIVE_INFINITY : at - withinMs;
  const count = matchingTimes(events, on, at).filter(then => then > since).length;
  if (count >= times) return null;
  const label = deedLabel(did, agreement);
  const span = withinMs === null ? '' : ` within ${spanWords(withinMs)}`;
  const sofar = times === 1 ? '' : ` (${count === 0 ? 'none' : countWords(count)} so far)`;
  return { label, did: count, times, withinMs, words: `${label}, ${timesWords(times)}${span}${sofar}` };
}

/** What the agreement calls something done: the label of a rule that counts the same, else the event. */
function deedLabel({ on }: Did, agreement: Agreement): string {
  const same = agreement.rules.find(
    ({ evidence }) => evidence.kind === 'occurrences' && JSON.stringify(evidence.on) === JSON.stringify(on),
  );
  return oneLine(same?.label ?? matchWords(on, makeSpelling(agreement)), MAX_LABEL);
}

function pathText(path: Omit<MissingPath, 'text'>, agreement: Agreement): string {
  const points = path.points.map(
    ({ label, short, needed, settled }) =>
      `${label} ${figure(short)} short of ${figure(needed)}${settled ? ` (${SETTLED})` : ''}`,
  );
  const conditions = path.conditions.map(
    ({ words, field, is }) => `needs: ${words}${field === null ? '' : ` (is ${is ?? 'not known'})`}`,
  );
  const done = path.evidence === null ? [] : [`still to come: ${path.evidence.words}`];
  const out = path.reachable ? [] : [`out of reach: ${boundsText(path, agreement)}`];
  const parts = [...out, listed(points, 'and'), ...done, ...conditions].filter(part => part !== '');
  return parts.length === 0 ? 'nothing is missing' : parts.join('; ');
}

function boundsText({ points }: Pick<MissingPath, 'points'>, { scores }: Agreement): string {
  const bounds = points.flatMap(({ score, label, needed }) => {
    const max = scores.find(({ id }) => id === score)?.max ?? null;
    return max !== null && needed > max ? [`${label} is ${figure(max)} at most`] : [];
  });
  return bounds.length === 0 ? 'the agreement does not allow it' : bounds.join(', ');
}

function obstacleOf({ id, label, when, did }: Disqualifier, lead: Aspirant): Obstacle {
  const parts = [
    ...(when === null ? [] : [reasonWords(when, lead)]),
    ...(did === null ? [] : [deedLabel(did, lead.agreement)]),
  ];
  return { id, label: oneLine(label, MAX_LABEL), text: cut(parts.join('; '), MAX_TEXT) };
}

/** Why a condition holds: of an `any` the part that does, and the values it found. */
function reasonWords(condition: Condition, lead: Aspirant): string {
  if (condition.kind === 'any') {
    const held = condition.of.find(part => holdsFor(part, lead));
    return held === undefined ? wordsOf(condition, lead.agreement) : reasonWords(held, lead);
  }
  const values = fieldsIn(condition).map(field => valueWords(valueIn(lead.profile, field)) ?? 'not known');
  return `${wordsOf(condition, lead.agreement)} (${values.join(', ')})`;
}

function textOf(disqualified: readonly Obstacle[], paths: readonly MissingPath[]): string[] {
  const obstacles = disqualified.map(
    ({ label, text }) => `In the way: ${label}${text === '' ? '' : `, since ${text}`}`,
  );
  if (paths.length === 0) return [...obstacles, 'The agreement names no path to qualify by'];
  const told = paths.slice(0, PATHS_TOLD).map(({ label, text, reachable }, index) => {
    const prefix = paths.length === 1 || !reachable ? '' : index === 0 ? 'Nearest is ' : 'Or ';
    return `${prefix}“${label}”: ${text}`;
  });
  const ways = paths[0]?.ways.map(({ text }) => text) ?? [];
  return [
    ...obstacles,
    ...told.slice(0, 1),
    ...(ways.length === 0 ? [] : [`Could come from: ${ways.join('; ')}`]),
    ...told.slice(1),
  ];
}
