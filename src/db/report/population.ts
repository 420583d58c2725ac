import { FILTERS, type Filters, type Frame, type Population, type Traits } from '../../core/report/frame.ts';
import { stamp } from '../database.ts';

/** Joins to an episode `e` how it stood at `$3`, where something of it was taken back later. */
export const REVERSED = `left join (
       select distinct on (episode_id) episode_id, decision, decided_at, reason, reason_label, first_touch_at, opportunity_at, state,
         ended_at, amount, currency
       from reversal where taken_back_at > $3 order by episode_id, taken_back_at) r on r.episode_id = e.id`;

/**
 * The leads of a report, as a part of a statement. Its first parameters are those of {@link populationParams}; `$3` is the
 * instant as of which it is asked: what was taken back later stood then, and what came later had not happened.
 */
export const LEADS = `episode e left join app_user u on u.id = e.owner_id ${REVERSED}`;

const was = (column: string) => `case when r.episode_id is null then e.${column} else r.${column} end`;
const until = (at: string, value = at) => `case when ${was(at)} <= $3 then ${was(value)} end`;

/** What had happened to a lead by `$3`; null where it had not. */
export const AS_OF = {
  decision: until('decided_at', 'decision'),
  decidedAt: until('decided_at'),
  acceptedAt: `case when ${was('decision')} = 'accepted' then ${until('decided_at')} end`,
  reason: until('decided_at', 'reason'),
  reasonLabel: until('decided_at', 'reason_label'),
  touchedAt: until('first_touch_at'),
  endedAt: until('ended_at'),
  wonAt: `case when ${was('state')} = 'won' then ${until('ended_at')} end`,
  amount: was('amount'),
  currency: was('currency'),
  /** One that was won without a word about an opportunity was one when it was won. */
  opportunityAt: `coalesce(${until('opportunity_at')}, case when ${was('state')} = 'won' then ${until('ended_at')} end)`,
} as const;

const named = (column: string) => `nullif(trim(${column}), '')`;

/** What leads have that a report may be narrowed down to or grouped by; null without a value. */
const VALUES = {
  agreement: 'e.agreement_id',
  source: named('e.source'),
  campaign: named('e.campaign'),
  content: named('e.content'),
  segment: named('e.segment'),
  owner: 'coalesce(u.email, e.owner_name)',
  team: 'e.team',
  path: 'e.path',
  grade: 'e.grade',
  version: 'e.version::text',
} as const satisfies Record<keyof Filters, string>;

/** Source, campaign and content of a lead, null without one. */
export const LEVELS = (['source', 'campaign', 'content'] as const)
  .map(name => `${VALUES[name]} as ${name}`)
  .join(', ');

/** Which leads are meant. */
export const IN_POPULATION = `e.handed_off_at >= $1 and e.handed_off_at < $2 and ($4::boolean is null or e.imported = $4)
     ${FILTERS.map((name, index) => `and ($${index + 5}::text[] is null or coalesce(${VALUES[name]}, 'unknown') = any($${index + 5}))`).join('\n     ')}`;

/** How many parameters a population has. */
export const POPULATION_SIZE = 4 + FILTERS.length;
const [BY, STARTS] = [POPULATION_SIZE + 1, POPULATION_SIZE + 2];
/** How many parameters a population in groups has. */
export const FRAME_SIZE = STARTS;

/** The parameters of a population. */
export function populationParams({ range, at, imported, filters }: Population): readonly unknown[] {
  return [
    stamp(range.from),
    stamp(range.to),
    stamp(at),
    imported,
    ...FILTERS.map(name => filters[name] ?? null),
  ];
}

/** The parameters of a population in groups. */
export function frameParams(frame: Frame): readonly unknown[] {
  return [...populationParams(frame), ...groupParams(frame)];
}

/** The parameters of groups. */
export function groupParams({ by, periods }: Frame): readonly [by: string, starts: readonly string[] | null] {
  return [periods === null ? by : 'time', periods?.map(({ from }) => stamp(from)) ?? null];
}

/** Why a lead had been rejected. */
export const REASON = named(AS_OF.reason);

/** How many parameters the traits of leads have. */
export const TRAITS_SIZE = 3;

/** Which leads have the traits that are asked for; their parameters come after so many others. */
export function hasTraits(before: number): string {
  const [reasons, rules, isDecisive] = [
    `$${before + 1}::text[]`,
    `$${before + 2}::text[]`,
    `$${before + 3}::boolean`,
  ];
  return `(${reasons} is null or coalesce(${REASON}, 'unknown') = any(${reasons}))
     and (${rules} is null or e.fired && ${rules})
     and (not ${isDecisive} or case when ${rules} is null then cardinality(e.decisive) > 0 else e.decisive && ${rules} end)`;
}

/** The parameters of the traits of leads. */
export function traitParams(traits: Traits | undefined): readonly unknown[] {
  return [traits?.reasons ?? null, traits?.rules ?? null, traits?.isDecisive ?? false];
}

const grouped = (name: keyof Filters) => `when '${name}' then ${VALUES[name]}`;

/** The group of a lead by two parameters: the number of its period, from 1, or what it has; null for what only some reports know. */
export function groupKey(by: number, starts: number): string {
  return `case $${by}::text when 'time' then width_bucket(e.handed_off_at, $${starts}::timestamptz[])::text
     when 'reason' then ${REASON} ${FILTERS.map(grouped).join(' ')} end`;
}

/** What the group of a lead is called, where that is not its key. */
export function groupLabel(by: number): string {
  return `case $${by}::text when 'owner' then coalesce(u.name, e.owner_name) when 'path' then e.path_label
     when 'reason' then ${AS_OF.reasonLabel} end`;
}

/** The group of a lead in a frame. */
export const GROUP_KEY = groupKey(BY, STARTS);

/** What that is called, where it is not its key. */
export const GROUP_LABEL = groupLabel(BY);

/** A lead that a disqualifier closed or sent to another team does not count as an MQL. */
export const IS_MQL = 'e.disqualifier is null';

const isAskedFor = (alias: string) => {
  const asked = `$${FILTERS.indexOf('agreement') + 5}`;
  return `(${asked}::text[] is null or ${alias}.agreement_id = any(${asked}))`;
};

/** The first MQL of its contact, under the agreements that are asked for. */
export const IS_FIRST = `${IS_MQL} and not exists (
       select from episode p where p.contact_id = e.contact_id and p.disqualifier is null and ${isAskedFor('p')}
         and (p.handed_off_at, p.id) < (e.handed_off_at, e.id))`;

/** What became customers by `$3`, under the same agreements: no first MQL of the range was won by an earlier handoff. */
export const WINS = `select e.contact_id, e.id, ${AS_OF.wonAt} as won_at, ${AS_OF.amount} as amount, ${AS_OF.currency} as currency
     from episode e ${REVERSED}
     where e.handed_off_at >= $1 and ${IS_MQL} and ${isAskedFor('e')} and ${AS_OF.wonAt} is not null`;

/** The SLA entry by which a lead is due, where it has a clock. */
export const CLOCKED = {
  join: `left join clock ft on ft.episode_id = e.id and ft.kind = 'firstTouch'
       left join clock dc on dc.episode_id = e.id and dc.kind = 'decision'`,
  entry: 'coalesce(ft.entry, dc.entry)',
} as const;

const clockState = (clock: 'ft' | 'dc', due: string, stop: string) => `case when ${due} is null then null
       when ${clock}.missed_at <= $3 or coalesce(${stop}, $3 + interval '1 microsecond') > ${due} then 'missed'
       when ${stop} is null then 'running' else 'kept' end`;

/** How the clocks of a lead went by `$3`: kept, missed or running; null where it has none. Needs the join of {@link CLOCKED}. */
export const CLOCK_STATES = {
  firstTouch: clockState('ft', 'e.first_touch_due_at', `least(${AS_OF.touchedAt}, ${AS_OF.endedAt})`),
  decision: clockState('dc', 'e.decision_due_at', `least(${AS_OF.decidedAt}, ${AS_OF.endedAt})`),
} as const;

/** The hour of the week of a handoff in the zone that a parameter names: `1-09` is Monday from 09:00 to 10:00. */
export function hourKey(zone: string): string {
  return `to_char(e.handed_off_at at time zone ${zone}, 'ID-HH24')`;
}
