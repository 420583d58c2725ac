import type { Agreement, Rule } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';
import { compileMatches, type EventMatch, type Happening } from '../condition/event.ts';
import { read, valueAt } from '../condition/reading.ts';
import { uncapital } from '../condition/words.ts';
import type { Profile } from '../contact/profile.ts';
import {
  type Deed,
  type Grounds,
  groundsWords,
  MAX_DEEDS,
  MAX_SENTENCE,
  plainDeed,
} from '../scoring/ground.ts';
import type { Line } from '../scoring/line.ts';
import type { Breakdown } from '../scoring/score.ts';
import { listed } from '../text/number.ts';
import { cut, oneLine } from '../text/safe.ts';
import { deedOf } from './behaviour.ts';
import { personaWords } from './persona.ts';
import { strengthOf } from './strength.ts';
import { isTrait } from './view.ts';

/** A score to be put into words, with what it rests on. `at` is epoch ms. */
interface Explained {
  readonly agreement: Agreement;
  readonly profile: Profile;
  readonly score: Breakdown;
  readonly at: number;
  /** What counted of the contact's events up to `at`, in order; null where only their count is at hand. */
  readonly events: readonly Happening[] | null;
}

const LABEL = 40;

/**
 * Why a lead has its score, in one sentence for the person who reads it at that instant: what disqualifies it, how well it
 * fits and by what, what it did and how lately, and what weighs against it. At most 160 characters on one line.
 */
export function sentenceOf(of: Explained): string {
  return groundsWords(groundsOf(of), { kind: 'ago', at: of.at });
}

/** What the sentence about a score rests on, to be kept and put into words later. */
export function groundsOf(of: Explained): Grounds {
  const { fits, idle } = dimensions(of);
  const deeds: Deed[] = [];
  for (const line of positive(of.score.lines)) {
    const done = deeds.length < MAX_DEEDS ? deedIn(of, line) : null;
    if (done !== null) deeds.push(done);
  }
  return { disqualified: disqualifiedWords(of), fits, idle, deeds, against: againstOf(of) };
}

function disqualifiedWords({ agreement, score }: Explained): string {
  const labels = score.disqualified.map(
    id => agreement.disqualify.find(entry => entry.id === id)?.label ?? id,
  );
  if (labels.length === 0) return '';
  return `disqualified: ${cut(
    listed(
      labels.map(label => oneLine(label, LABEL)),
      'and',
    ),
    2 * LABEL,
  )}`;
}

/** The scores that read the profile, each with its strength; and what to say of the others when nothing was done. */
function dimensions(of: Explained) {
  const { agreement, score, profile } = of;
  const fits: { readonly full: string; readonly short: string; readonly isFor: boolean }[] = [];
  const idle: string[] = [];
  for (const { id, label } of agreement.scores) {
    const rules = agreement.rules.filter(rule => rule.score === id);
    const name = uncapital(oneLine(label, LABEL));
    const traits = rules.filter(isTrait);
    if (isOfDeeds(agreement, id)) idle.push(name);
    if (rules.length === 0 || isOfDeeds(agreement, id)) continue;
    const lines = score.lines.filter(line => line.score === id && traits.some(rule => rule.id === line.rule));
    const strength = strengthOf(agreement, id, score.scores[id] ?? 0);
    const isFor = strength !== 'weak' && strength !== 'poor';
    const isKnown = lines.length > 0 || traits.some(rule => readsAny(rule, profile));
    const short = `${isKnown ? strength : 'unknown'} ${name}`;
    const because = isFor ? personaWords(agreement, profile, positive(lines)) : flaws(lines);
    fits.push({ short, full: because === '' ? short : `${short} (${because})`, isFor });
  }
  return {
    fits,
    idle: idle.length === 0 ? null : `no ${listed(idle, 'and')} now`.replaceAll(' and ', ' or '),
  };
}

/** How many flaws of a weak profile a sentence names. */
const FLAWS = 2;

function flaws(lines: readonly Line[]): string {
  const worst = negative(lines).slice(0, FLAWS);
  return worst.map(({ label }) => oneLine(uncapital(label), LABEL)).join(', ');
}

/** Whether the profile has a value for any field that the rule reads. */
function readsAny({ when, evidence }: Rule, { contact, company }: Profile): boolean {
  const reads = (condition: Condition): boolean => {
    if (condition.kind === 'not') return reads(condition.of);
    if (condition.kind !== 'field') return condition.of.some(reads);
    const { source, path } = condition.field;
    return !read(valueAt(source === 'contact' ? contact : company, path)).missing;
  };
  const cases = evidence.kind === 'cases' ? evidence.cases.map(entry => entry.when) : [];
  return [...cases, ...(when === null ? [] : [when])].some(reads);
}

/** Whether a score tells what contacts do rather than who they are. */
function isOfDeeds({ rules }: Agreement, score: string): boolean {
  const own = rules.filter(rule => rule.score === score);
  return own.filter(isTrait).length * 2 < own.length;
}

/** What a line says of what somebody did; null for a line that says who somebody is. */
function deedIn(of: Explained, line: Line): Deed | null {
  const rule = of.agreement.rules.find(({ id }) => id === line.rule);
  if (rule === undefined || (isTrait(rule) && !isOfDeeds(of.agreement, line.score))) return null;
  return deedOf(line, rule, { at: of.at, times: timesOf(of, rule) });
}

function timesOf({ events, at }: Explained, { evidence }: Rule): readonly number[] | null {
  if (events === null || evidence.kind !== 'occurrences') return null;
  return matchingTimes(events, evidence.on, at);
}

/** The times up to `at` of the events that match, ascending as the events are. */
export function matchingTimes(
  events: readonly Happening[],
  match: EventMatch,
  at: number,
): readonly number[] {
  const matches = compileMatches([match]);
  return events.flatMap(event => (event.at <= at && matches(event).length > 0 ? [event.at] : []));
}

/** The heaviest line against the lead, where it weighs: at least half of the heaviest for it. */
function againstOf(of: Explained): Deed | null {
  const { agreement, score } = of;
  const isSaid = (line: Line) =>
    !isOfDeeds(agreement, line.score) &&
    ['weak', 'poor'].includes(strengthOf(agreement, line.score, score.scores[line.score] ?? 0)) &&
    agreement.rules.some(rule => rule.id === line.rule && isTrait(rule));
  const worst = negative(score.lines).find(line => !isSaid(line));
  const [best] = positive(score.lines);
  if (worst === undefined || (best !== undefined && -worst.points * 2 < best.points)) return null;
  return deedIn(of, worst) ?? plainDeed(uncapital(oneLine(worst.label, MAX_SENTENCE / 2)));
}

/** How many lines are shown first: for the lead, and against it. */
const TOP = { for: 3, against: 2 } as const;

/** The lines to be read first: the heaviest rules for the lead, then the heaviest against it. */
export function topLines(lines: readonly Line[]): readonly Line[] {
  return [...positive(lines).slice(0, TOP.for), ...negative(lines).slice(0, TOP.against)];
}

/** The rule lines that speak for a lead, the heaviest first. */
function positive(lines: readonly Line[]): readonly Line[] {
  return lines.filter(line => line.rule !== null && line.points > 0).sort((a, b) => b.points - a.points);
}

function negative(lines: readonly Line[]): readonly Line[] {
  return lines.filter(line => line.rule !== null && line.points < 0).sort((a, b) => a.points - b.points);
}
