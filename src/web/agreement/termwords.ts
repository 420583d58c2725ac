import type { Practice } from '../../core/agreement/agreement.ts';
import { FRAMEWORK_NAMES } from '../../core/agreement/framework.ts';
import type { WeekHours } from '../../core/agreement/hours.ts';
import type { RouteTarget } from '../../core/agreement/practice.ts';
import type { Condition } from '../../core/condition/condition.ts';
import { capital, conditionWords, matchWords, nameWords, type Spelling } from '../../core/condition/words.ts';
import { pipelineOf } from '../../core/opportunity/pipeline.ts';
import {
  type Question,
  type QuestionType,
  questionsOf,
  type SqlTerms,
} from '../../core/qualification/question.ts';
import { teamName } from '../../core/text/name.ts';
import { listed, percentWords } from '../../core/text/number.ts';
import { everyWords, spanWords } from '../../core/time/span.ts';
import { unreachable } from '../../core/unreachable.ts';
import { workWords } from '../words/span.ts';

type Item<List> = List extends readonly (infer Entry)[] ? Entry : never;
export type RejectionReason = Item<NonNullable<Practice['reasons']>>;
type SlaEntry = Item<NonNullable<Practice['sla']>>;
type AlertEntry = Item<NonNullable<Practice['alerts']>>;
type OutreachEntry = NonNullable<Practice['outreach']>[number];
type RouteEntry = Item<NonNullable<Practice['routing']>>;
export type Track = Item<NonNullable<Practice['nurture']>>;

/** What follows when a lead is rejected for a reason. */
export function reasonWords(reason: RejectionReason, tracks: readonly Track[]): string {
  switch (reason.then) {
    case 'recycle': {
      const track = tracks.find(({ id }) => id === reason.nurture);
      const wait =
        reason.wait === undefined
          ? 'Recycled: back as soon as something new happens'
          : `Recycled for ${spanWords(reason.wait)}, then back when something new happens`;
      if (track === undefined) return `${wait}.`;
      const nurture = `Nurture: ${track.label ?? track.id}.`;
      return `${wait}. ${nurture}`;
    }
    case 'disqualify':
      return 'Disqualified: not handed over again.';
    case 'merge':
      return 'Closed: merged with the contact of the same person.';
    case 'route':
      return `Goes to ${reason.route === undefined ? 'another team' : `the team ${teamName(reason.route)}`} instead.`;
    default:
      return unreachable(reason.then);
  }
}

/** Who gets a lead by a routing entry. */
export function routeWords(
  entry: RouteEntry,
  spelling: Spelling,
): { readonly when: string; readonly to: string } {
  if (entry.kind === 'fallback') return { when: 'Otherwise', to: `team ${teamName(entry.team)}` };
  return {
    when: entry.when === undefined ? 'Every other lead' : whenWords(entry.when, spelling),
    to: targetWords(entry.to),
  };
}

function whenWords(when: Condition, spelling: Spelling): string {
  const holdsAlways = when.kind === 'all' && when.of.length === 0;
  return holdsAlways ? 'Every other lead' : `When ${conditionWords(when, spelling)}`;
}

function targetWords(target: RouteTarget): string {
  switch (target.kind) {
    case 'owner':
      return target.email;
    case 'team':
      return `team ${teamName(target.team)}, ${TEAM_WORDS[target.by]}`;
    case 'companyOwner':
      return 'the person who already owns a lead of the company';
    default:
      return unreachable(target);
  }
}

const TEAM_WORDS = {
  round_robin: 'in turn',
  weighted: 'by weight',
  least_open: 'to the member with the fewest open leads',
} as const;

/** The promise of one SLA entry, a sentence a line. */
export function slaWords(entry: SlaEntry, spelling: Spelling): readonly string[] {
  const calendar =
    entry.calendar === undefined || entry.calendar === 'always'
      ? 'around the clock'
      : `in ${nameWords(entry.calendar)} hours`;
  const lines = [
    entry.when === undefined ? 'Every other lead' : whenWords(entry.when, spelling),
    `First touch within ${workWords(entry.firstTouch)}, decision within ${workWords(entry.decision)}, counted ${calendar}.`,
  ];
  const reminders = (entry.remind ?? []).map(share => `${share}%`);
  if (reminders.length > 0) {
    lines.push(`Reminder after ${listed(reminders, 'and')} of the time.`);
  }
  if (entry.escalate !== undefined) {
    const { to, reassignAfter } = entry.escalate;
    const who = to === 'manager' || to === 'team' ? `the ${to}` : to;
    const moved =
      reassignAfter === undefined ? '' : `; ${workWords(reassignAfter)} later it goes to somebody else`;
    lines.push(`When it is missed, ${who} is told${moved}.`);
  }
  return lines;
}

/** By what sales qualifies leads, and what it must have found out before it accepts one. */
export function sqlWords(sql: SqlTerms): string {
  const name = FRAMEWORK_NAMES[sql.framework];
  const required = questionsOf(sql).filter(({ isRequired }) => isRequired);
  const must =
    required.length === 0
      ? 'nothing must be known before it accepts a lead'
      : `before it accepts a lead it must have found out ${listed(
          required.map(({ label }) => label),
          'and',
        )}`;
  return `Sales asks by ${name}; ${must}.`;
}

const ANSWER_WORDS: Readonly<Record<QuestionType, string>> = {
  yes_no: 'Yes or no',
  choice: 'One of',
  text: 'In words',
  number: 'A number',
  amount: 'An amount with its currency',
  date: 'A date',
  person: 'A person',
};

/** How a question is answered, a sentence a line. */
export function questionWords({ type, options, help, isRequired }: Question): readonly string[] {
  const choice = options.length === 0 ? '' : ` ${listed(options, 'or')}`;
  const how = `${ANSWER_WORDS[type]}${choice}${isRequired ? ', required' : ''}.`;
  return [help, how].filter(line => line !== null);
}

/** The stages that an accepted lead goes through. */
export function pipelineWords(sql: SqlTerms): string {
  const stages = pipelineOf(sql).map(({ label, probability }) => `${label} (${percentWords(probability)})`);
  return `An accepted lead that becomes an opportunity goes through ${listed(stages, 'and')}, until it is won or lost.`;
}

/** When an alert is sent, and who receives it. */
export function alertWords(entry: AlertEntry, spelling: Spelling): readonly string[] {
  const { on, when, quietFor, to, via, atMostEvery } = entry;
  const lines = [
    `On ${matchWords(on, spelling)}${when === undefined ? '' : `, when ${conditionWords(when, spelling)}`}.`,
  ];
  if (quietFor !== undefined) lines.push(`Only after ${spanWords(quietFor)} of silence.`);
  const ways = (via ?? ['in_app']).map(way => WAY_WORDS[way]);
  lines.push(`To the ${to ?? 'owner'}, by ${listed(ways, 'and')}.`);
  if (atMostEvery !== undefined) lines.push(`At most once ${everyWords(atMostEvery)} for one contact.`);
  return lines;
}

const WAY_WORDS = { slack: 'Slack', email: 'e-mail', in_app: 'the app', webhook: 'webhook' } as const;

/** What an entry of the outreach list answers, with what and how often. */
export function outreachWords(entry: OutreachEntry, spelling: Spelling): readonly string[] {
  const { on, when, email, webhook, from = 'owner', delay = 0, atMostEvery } = entry;
  const event = on === 'handoff' ? 'At the handoff' : `On ${matchWords(on, spelling)}`;
  const what = email === undefined ? `other software, by ${webhook ?? ''}` : `the mail “${nameWords(email)}”`;
  const name = from === 'owner' ? 'in the name of the owner' : `from ${from}`;
  return [
    `${event}${when === undefined ? '' : `, when ${conditionWords(when, spelling)}`}.`,
    `Answered by ${what}${email === undefined ? '' : `, ${name}`}, ${delay === 0 ? 'at once' : `after ${spanWords(delay)}`}.`,
    `At most once ${everyWords(atMostEvery ?? WEEK_MS)} for one contact.`,
  ];
}

/** How often an entry answers one contact at most unless it says so. */
const WEEK_MS = 7 * 86_400_000;

/** The steps of a nurture track. */
export function trackWords({ steps }: Track): readonly string[] {
  return steps.map(({ wait, email, webhook }) => {
    const what =
      email !== undefined
        ? `e-mail “${nameWords(email)}”`
        : webhook !== undefined
          ? `call ${webhook}`
          : 'wait';
    return capital(wait === undefined ? what : `after ${spanWords(wait)}: ${what}`);
  });
}

/** What both teams promise each other, as label and value. */
export function targetRows(
  targets: NonNullable<Practice['targets']>,
): readonly (readonly [string, string])[] {
  const { acceptance, floor, ceiling, decisionWindow, minSample, mqlPerWeek } = targets;
  const rows: [string, string][] = [];
  if (acceptance !== undefined)
    rows.push([
      'Share of leads that sales accepts',
      `${percentWords(acceptance[0])} to ${percentWords(acceptance[1])}`,
    ]);
  if (floor !== undefined) rows.push(['Too many are handed over below', percentWords(floor)]);
  if (ceiling !== undefined) rows.push(['Too much is held back above', percentWords(ceiling)]);
  if (mqlPerWeek !== undefined) rows.push(['MQLs a week', String(mqlPerWeek)]);
  if (decisionWindow !== undefined) rows.push(['Sales decides within', spanWords(decisionWindow)]);
  if (minSample !== undefined) rows.push(['A rate is judged from', `${minSample} decisions on`]);
  return rows;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const DAY_MINUTES = 24 * 60;

/** Working hours, days of equal hours together. @example 'Mon–Fri 09:00–17:30' */
export function hoursWords(week: WeekHours): readonly string[] {
  const spans = week.map(day =>
    day.map(([from, to]) => `${clock(from)}–${clock(to > DAY_MINUTES ? to - DAY_MINUTES : to)}`).join(', '),
  );
  const runs: { from: number; to: number; hours: string }[] = [];
  spans.forEach((hours, day) => {
    const last = runs.at(-1);
    if (last !== undefined && last.hours === hours) last.to = day;
    else runs.push({ from: day, to: day, hours });
  });
  return runs
    .filter(({ hours }) => hours !== '')
    .map(({ from, to, hours }) => `${DAYS[from]}${to > from ? `–${DAYS[to]}` : ''} ${hours}`);
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
