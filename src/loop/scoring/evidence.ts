import type { Happening } from '../../core/condition/event.ts';
import { groupBy } from '../../core/contact/group.ts';
import { advanceFlow, horizonOf, refillFlow } from '../../core/scoring/flow.ts';
import { packSlot, slotsHeld, slotsTouched, unpackSlot } from '../../core/scoring/pack.ts';
import type { Program } from '../../core/scoring/program.ts';
import {
  addEvent,
  advanceTally,
  completePattern,
  emptyTally,
  type Tally,
  tallyOf,
} from '../../core/scoring/tally.ts';
import { earlier } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { loadEvents } from '../../db/intake/event.ts';
import {
  dropTallies,
  loadEventsAfter,
  loadEventsBetween,
  type loadTallies,
  saveTallies,
} from '../../db/scoring/tally.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { historyOf } from '../contact/fold.ts';

/** A contact whose evidence is wanted as of `now`, and what is stored of it. */
export interface Asked {
  readonly id: string;
  readonly now: number;
  /** The new events of people among those stored in this transaction; in any order. */
  readonly events: readonly Happening[];
  /** Whether the stored tally holds all events but the new ones; `none`: the contact had no events before. */
  readonly stored: 'kept' | 'none' | 'unusable';
}

/** The evidence of one contact, up to `now`. */
export interface Evidence {
  readonly tally: Tally;
  /** The first event that is later than `now`, by the clock of another node; null for none. */
  readonly nextEventAt: number | null;
}

/** The evidence of contacts; `save` stores what changed of it. */
interface Gathered {
  readonly of: ReadonlyMap<string, Evidence>;
  /** Whose stored tally holds all there is. */
  readonly digested: ReadonlySet<string>;
  readonly save: () => Promise<void>;
}

type TallyRow = Awaited<ReturnType<typeof loadTallies>>[number];

interface Work extends Evidence {
  readonly asked: Asked;
  readonly touched: Set<number>;
}

/**
 * Brings contacts' evidence up to `now`: new events are added to what is stored, which costs by the rules they match. Only
 * where nothing is stored, or it cannot be used, are all events of those contacts read. The number of statements does not
 * grow with the contacts.
 */
export async function gatherEvidence(
  sql: Sql,
  { id: agreementId, program }: Pick<RunningAgreement, 'id' | 'program'>,
  { asked, tallies }: { readonly asked: readonly Asked[]; readonly tallies: readonly TallyRow[] },
): Promise<Gathered> {
  const stored = groupBy(tallies, row => row.contact_id);
  const works: Work[] = [];
  const unusable: Asked[] = asked.filter(one => one.stored === 'unusable');
  for (const one of asked) {
    if (one.stored === 'unusable') continue;
    const tally = emptyTally(program.plan);
    const rows = one.stored === 'none' ? [] : (stored.get(one.id) ?? []);
    const isRead = rows.every(({ slot, state }) => unpackSlot(tally, slot, state));
    if (isRead) works.push({ asked: one, tally, touched: new Set(), nextEventAt: null });
    else unusable.push(one);
  }
  await addNew(sql, program, works);
  const broken = await refill(sql, program, works);
  const rebuilt = await rebuild(sql, program, [...unusable, ...broken.map(work => work.asked)]);
  const current = [...works.filter(work => !broken.includes(work)), ...rebuilt];
  for (const { tally, asked: one } of current) advanceTally(tally, one.now);
  return {
    of: new Map(current.map(work => [work.asked.id, work])),
    digested: new Set(current.filter(work => work.nextEventAt === null).map(work => work.asked.id)),
    save: () => save(sql, agreementId, { current, cleared: rebuilt.map(work => work.asked).filter(hadRows) }),
  };
}

const hadRows = ({ stored }: Asked) => stored !== 'none';

/** Adds the new events; where one came late for a pattern, the events around it are read. */
async function addNew(sql: Sql, program: Program, works: readonly Work[]): Promise<void> {
  const late: { readonly work: Work; readonly patterns: Set<number>; after: number; until: number }[] = [];
  for (const work of works) {
    let entry: (typeof late)[number] | null = null;
    for (const event of [...work.asked.events].sort((a, b) => a.at - b.at)) {
      const slots = program.slotsOf(event);
      for (const slot of slotsTouched(work.tally, slots)) work.touched.add(slot);
      for (const index of addEvent(work.tally, event.at, slots)) {
        const withinMs = program.plan.patterns[index]?.withinMs ?? 0;
        entry ??= { work, patterns: new Set(), after: event.at, until: event.at };
        entry.patterns.add(index);
        entry.after = Math.min(entry.after, event.at - withinMs);
        entry.until = Math.max(entry.until, event.at + withinMs);
      }
    }
    if (entry !== null) late.push(entry);
  }
  if (late.length === 0) return;
  const wanted = late.map(({ work, after, until }) => ({ contactId: work.asked.id, after, until }));
  const around = groupBy(await loadEventsBetween(sql, wanted, program.eventNames), row => row.contact_id);
  for (const { work, patterns } of late) {
    const history = historyOf(program, around.get(work.asked.id) ?? []);
    for (const index of patterns) completePattern(work.tally, index, history);
  }
}

/** How many events are read at a time when some that were left to be read again may leave a flow. */
const REFILL_ROWS = 256;

interface Want {
  readonly work: Work;
  readonly flow: number;
  readonly after: number;
}

/** Reads again what may leave a flow by now; returns those whose tally does not match their events. */
async function refill(sql: Sql, program: Program, works: readonly Work[]): Promise<readonly Work[]> {
  const broken = new Set<Work>();
  let wants = works.flatMap(work => wantsOf(program, work));
  while (wants.length > 0) {
    const asked = wants.map(({ work, after }) => ({ contactId: work.asked.id, after }));
    const which = { names: program.eventNames, limit: REFILL_ROWS };
    const rows = groupBy(await loadEventsAfter(sql, asked, which), row => String(row.place));
    wants = wants.flatMap((want, index) => {
      const { work, flow: number } = want;
      const flow = program.plan.flows[number];
      const state = work.tally.flows[number];
      if (flow === undefined || state === undefined) return [];
      const read = rows.get(String(index + 1)) ?? [];
      const times = read.filter(event => program.slotsOf(event).includes(flow.slot)).map(({ at }) => at);
      work.touched.add(flow.slot);
      refillFlow(state, times);
      if (state.spilled < 0 || (state.spilled > 0 && read.length < REFILL_ROWS)) broken.add(work);
      if (broken.has(work)) return [];
      if (horizonOf(flow, state) > work.asked.now) {
        advanceFlow(flow, state, work.asked.now);
        return [];
      }
      return [{ ...want, after: read.at(-1)?.at ?? want.after }];
    });
  }
  return [...broken];
}

function wantsOf(program: Program, work: Work): readonly Want[] {
  return program.plan.flows.flatMap((flow, number): readonly Want[] => {
    const state = work.tally.flows[number];
    if (state === undefined || horizonOf(flow, state) > work.asked.now) return [];
    return [{ work, flow: number, after: state.times.at(-1) ?? state.outUntil }];
  });
}

/** Makes tallies anew from all events. */
async function rebuild(sql: Sql, program: Program, asked: readonly Asked[]): Promise<readonly Work[]> {
  if (asked.length === 0) return [];
  const events = groupBy(
    await loadEvents(
      sql,
      asked.map(({ id }) => id),
      { names: program.eventNames, any: program.usesAnyEvent },
    ),
    event => event.contact_id,
  );
  return asked.map(one => {
    const all = events.get(one.id) ?? [];
    const past = all.filter(({ at }) => at <= one.now);
    const nextEventAt = all.reduce<number | null>(
      (first, { at }) => (at > one.now ? earlier(first, at) : first),
      null,
    );
    const tally = tallyOf(program.plan, historyOf(program, past));
    return { asked: one, tally, nextEventAt, touched: new Set(slotsHeld(tally)) };
  });
}

async function save(
  sql: Sql,
  agreementId: string,
  { current, cleared }: { readonly current: readonly Work[]; readonly cleared: readonly Asked[] },
): Promise<void> {
  if (cleared.length > 0)
    await dropTallies(
      sql,
      cleared.map(({ id }) => id),
      agreementId,
    );
  const rows = current.flatMap(({ asked, tally, touched }) =>
    [...touched].map(slot => ({ contactId: asked.id, slot, state: packSlot(tally, slot) })),
  );
  if (rows.length > 0) await saveTallies(sql, agreementId, rows);
}
