import type { Agreement } from '../agreement/agreement.ts';
import { compileMatches, type Happening, type Matcher } from '../condition/event.ts';
import {
  compileCondition,
  type FieldTable,
  findField,
  makeFieldTable,
  type Predicate,
  readFields,
} from '../condition/predicate.ts';
import { read } from '../condition/reading.ts';
import type { Profile } from '../contact/profile.ts';
import { normaliseText } from '../text/normalise.ts';
import { formatInstant } from '../time/instant.ts';
import type { Channel } from './message.ts';

/** The addressee of an alert rule: the lead's owner, else its team; the team; or the team's channel. */
type AlarmTarget = 'owner' | 'team' | 'channel';

/** An alert rule made ready to run. */
interface Alarm {
  readonly id: string;
  readonly label: string;
  readonly when: Predicate | null;
  /** How long the contact must have been silent before the visit; null: whether or not it was. */
  readonly quietForMs: number | null;
  readonly to: AlarmTarget;
  readonly via: readonly Channel[];
  readonly everyMs: number;
}

/** The alert rules of an agreement. */
export interface Alarms {
  readonly list: readonly Alarm[];
  /** Which rules an event meets, by their numbers. */
  readonly matcher: Matcher;
  readonly names: ReadonlySet<string>;
  readonly table: FieldTable;
  readonly createdAtField: number | null;
}

/** How often one rule speaks of one contact at most, unless it says so itself. */
const EVERY_MS = 4 * 3_600_000;
const VIA = ['slack', 'email', 'in_app'] as const;
/** What arrives later than this after it happened is history: nobody can act on it at once, in ms. */
const FRESH_MS = 24 * 3_600_000;
/** How long before an event its visit may have begun, in ms: what was done meanwhile does not end a silence. */
export const VISIT_MS = 3_600_000;

/** Compiles the alert rules of an agreement; null when it has none. */
export function openAlarms({ practice: { alerts = [] } }: Agreement): Alarms | null {
  return compileAlarms(alerts);
}

/** Compiles rules that listen for events, of the alerts or of what is like them; null for none. */
export function compileAlarms(
  alerts: readonly NonNullable<Agreement['practice']['alerts']>[number][],
): Alarms | null {
  if (alerts.length === 0) return null;
  const table = makeFieldTable();
  const list = alerts.map(
    (rule): Alarm => ({
      id: rule.id,
      label: rule.label ?? rule.id,
      when: rule.when === undefined ? null : compileCondition(rule.when, table),
      quietForMs: rule.quietFor ?? null,
      to: rule.to ?? 'owner',
      via: rule.via ?? VIA,
      everyMs: rule.atMostEvery ?? EVERY_MS,
    }),
  );
  return {
    list,
    matcher: compileMatches(alerts.map(({ on }) => on)),
    names: new Set(alerts.flatMap(({ on }) => on.names)),
    table,
    createdAtField: findField(table, { source: 'contact', path: ['createdAt'] }),
  };
}

/** Whether any rule listens for an event of this name: what every event is asked first. */
export function isHeard({ names }: Alarms, name: string): boolean {
  return names.has(name) || names.has(normaliseText(name));
}

/** A rule that some new events of a contact meet, the earliest first. */
export interface Raised {
  readonly alarm: Alarm;
  readonly number: number;
  readonly events: readonly Happening[];
}

/**
 * The rules that new events of a contact meet at `now` (epoch ms), whatever came before them. Only events
 * that are not history count, with the profile as it is. Whether the contact was silent is checked
 * afterwards, for these few rules.
 */
export function alarmsRaised(
  alarms: Alarms,
  of: {
    readonly events: readonly Happening[];
    readonly profile: Profile;
    readonly createdAt: number;
    readonly now: number;
  },
): readonly Raised[] {
  const { now } = of;
  const met = new Map<number, Happening[]>();
  for (const event of of.events) {
    if (now - event.at > FRESH_MS || !isHeard(alarms, event.name)) continue;
    for (const number of alarms.matcher(event)) {
      const events = met.get(number);
      if (events === undefined) met.set(number, [event]);
      else events.push(event);
    }
  }
  if (met.size === 0) return [];
  const { table, createdAtField } = alarms;
  const readings = readFields(table, { contact: of.profile.contact, company: of.profile.company });
  if (createdAtField !== null) readings[createdAtField] = read(formatInstant(of.createdAt));
  return [...met]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, events]) => {
      const alarm = alarms.list[number];
      if (alarm === undefined || (alarm.when !== null && !alarm.when(readings, now))) return [];
      return [{ alarm, number, events: [...events].sort((a, b) => a.at - b.at) }];
    });
}

/**
 * How long a contact had been silent before the visit that an event belongs to, in ms: from its last event before, to the
 * first of the hour up to this one. Null when it never did anything before: who is new is not back. `times` are those of
 * its events (epoch ms, ascending); others than those up to the event are passed over.
 *
 * @example silenceBefore([0, 86400000, 86401000], 86401000) // 86400000
 * @example silenceBefore([86400000, 86401000], 86401000) // null
 */
export function silenceBefore(times: readonly number[], at: number): number | null {
  const visit = times.find(time => time > at - VISIT_MS && time <= at) ?? at;
  const before = times.filter(time => time <= at - VISIT_MS).at(-1);
  return before === undefined ? null : visit - before;
}

/**
 * The events of a rule that speaks of silent contacts for which it holds: the first of a visit after so long a silence.
 * `past` holds the contact's events of the last hours, ascending, and the last one before them.
 */
export function afterSilence(
  { alarm, number, events }: Raised,
  { past, alarms }: { readonly past: readonly Happening[]; readonly alarms: Alarms },
): readonly Happening[] {
  const { quietForMs } = alarm;
  if (quietForMs === null) return events;
  const times = past.map(({ at }) => at);
  const isFirst = (event: Happening) =>
    !past.some(
      other =>
        other.at > event.at - VISIT_MS && other.at < event.at && alarms.matcher(other).includes(number),
    );
  const found = events.find(event => {
    const silence = silenceBefore(times, event.at);
    return silence !== null && silence >= quietForMs && isFirst(event);
  });
  return found === undefined ? [] : [found];
}
