import type { Agreement } from '../agreement/agreement.ts';
import { type Alarms, alarmsRaised, compileAlarms, isHeard } from '../alert/rule.ts';
import type { Happening } from '../condition/event.ts';
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
import { DAY_MS } from '../time/duration.ts';
import { formatInstant } from '../time/instant.ts';

/** How often one entry speaks to one contact at most, unless it says so itself, in ms. */
const EVERY_MS = 7 * DAY_MS;

/** An entry of the outreach list, made ready to run. */
export interface OutreachEntry {
  readonly id: string;
  readonly label: string;
  /** The template of its letter; null for one that goes to other software. */
  readonly template: string | null;
  /** What other software is told to do, by name; null for a letter. */
  readonly webhook: string | null;
  /** `owner`, or an address. */
  readonly from: string;
  readonly delayMs: number;
  readonly everyMs: number;
}

/** The outreach list of an agreement, made ready to run. */
export interface Outreach {
  readonly entries: ReadonlyMap<string, OutreachEntry>;
  /** Entries that listen for events; null for none. */
  readonly alarms: Alarms | null;
  /** Entries that speak at a handoff. */
  readonly atHandoff: readonly { readonly id: string; readonly when: Predicate | null }[];
  readonly table: FieldTable;
  readonly createdAtField: number | null;
  /** The longest time in which an entry speaks once, in ms. */
  readonly longestMs: number;
}

/**
 * In whose name a template is sent: the address that the first entry of the outreach list to send it names; null for the owner,
 * in whose name every track writes, too.
 */
export function fromAddressOf({ practice: { outreach = [] } }: Agreement, template: string): string | null {
  const from = outreach.find(({ email }) => email === template)?.from ?? 'owner';
  return from === 'owner' ? null : from;
}

/** Compiles the outreach list of an agreement; null when it has none. */
export function openOutreach({ practice: { outreach = [] } }: Agreement): Outreach | null {
  if (outreach.length === 0) return null;
  const table = makeFieldTable();
  const entries = outreach.map(
    (entry): OutreachEntry => ({
      id: entry.id,
      label: entry.label ?? entry.id,
      template: entry.email ?? null,
      webhook: entry.webhook ?? null,
      from: entry.from ?? 'owner',
      delayMs: entry.delay ?? 0,
      everyMs: entry.atMostEvery ?? EVERY_MS,
    }),
  );
  const heard = outreach.flatMap(({ id, on, when }) => (on === 'handoff' ? [] : [{ id, on, when }]));
  const atHandoff = outreach.flatMap(({ id, on, when }) =>
    on === 'handoff' ? [{ id, when: when === undefined ? null : compileCondition(when, table) }] : [],
  );
  return {
    entries: new Map(entries.map(entry => [entry.id, entry])),
    alarms: compileAlarms(heard),
    atHandoff,
    table,
    createdAtField: findField(table, { source: 'contact', path: ['createdAt'] }),
    longestMs: Math.max(...entries.map(({ everyMs }) => everyMs)),
  };
}

/**
 * The entries that new events of a contact, and its handoff if they led to one, call for at `now` (epoch ms), each once, in
 * the order of the list. Events that lie a day back are history, and call for nothing.
 */
export function outreachRaised(
  outreach: Outreach,
  of: {
    readonly events: readonly Happening[];
    readonly profile: Profile;
    readonly createdAt: number;
    readonly now: number;
    readonly isHandedOver: boolean;
  },
): readonly OutreachEntry[] {
  const { alarms, atHandoff, table, createdAtField, entries } = outreach;
  const raised = new Set<string>();
  if (alarms !== null && of.events.some(({ name }) => isHeard(alarms, name)))
    for (const { alarm } of alarmsRaised(alarms, of)) raised.add(alarm.id);
  if (of.isHandedOver && atHandoff.length > 0) {
    const readings = readFields(table, { contact: of.profile.contact, company: of.profile.company });
    if (createdAtField !== null) readings[createdAtField] = read(formatInstant(of.createdAt));
    for (const { id, when } of atHandoff) if (when === null || when(readings, of.now)) raised.add(id);
  }
  return [...entries.values()].filter(({ id }) => raised.has(id));
}

/**
 * Whether an entry may speak at `now` (epoch ms): it never has, or not since its time before.
 *
 * @example mayReach({ everyMs: 10 }, 0, 9) // false
 */
export function mayReach(
  { everyMs }: Pick<OutreachEntry, 'everyMs'>,
  lastAt: number | null,
  now: number,
): boolean {
  return lastAt === null || now - lastAt >= everyMs;
}
