import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { checkClassing } from '../../core/routing/remit.ts';
import { oneLine } from '../../core/text/safe.ts';
import { recallContacts } from '../../db/contact/contact.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import { findTimelineEvent } from '../../db/contact/timeline.ts';
import type { Sql } from '../../db/database.ts';
import { listHeldLeads } from '../../db/decision/episode.ts';
import { findEvents, saveClass } from '../../db/intake/eventclass.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { type Change, noChange } from '../contact/change.ts';
import { mustFindContact } from '../contact/contact.ts';
import { AppError, allowed } from '../error.ts';
import { type Settled, settle } from '../evaluation/settle.ts';
import { watchHandoffs } from '../handoff/flag.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';

/** How much of a note the reason on an event says. */
const MAX_REASON = 120;
/** What ids of events look like: whole numbers that JavaScript counts exactly. */
const EVENT_ID = /^\d{1,15}$/;
const NOTHING: Settled = { contactIds: [], handoffs: [] };

/** Which events to class, whether a machine made them, and why the person who says so thinks that. */
interface Classing {
  readonly eventIds: readonly number[];
  readonly machine: boolean;
  readonly note: string | null;
}

type TimelineRow = NonNullable<Awaited<ReturnType<typeof findTimelineEvent>>>;
type FoundEvent = Awaited<ReturnType<typeof findEvents>>[number];

/**
 * Classes one event of a contact and returns it as its timeline shows it from then on; refused where the contact has no
 * such event, and to people who may not work on the contact.
 */
export async function reclassEvent(
  app: App,
  event: { readonly contactId: string; readonly eventId: string },
  said: Pick<Classing, 'machine' | 'note'>,
  by: Doing,
): Promise<TimelineRow> {
  const ids = EVENT_ID.test(event.eventId) ? [Number(event.eventId)] : [];
  const { settled, row } = await app.db.transaction(async sql => {
    const [found] = await lockEvents(sql, ids);
    const contact = await mustFindContact(sql, event.contactId);
    if (found === undefined || found.contact_id !== contact.id)
      throw new AppError('notFound', `the contact has no event ${oneLine(event.eventId, 40)}`);
    const leads = (await listHeldLeads(sql, contact.id)).map(heldLead);
    allowed(checkClassing(leads, await loadRemit(sql, by)));
    const done = await classEvents(sql, app, { eventIds: ids, ...said }, by);
    return { settled: done, row: await findTimelineEvent(sql, found.id) };
  });
  if (row === null) throw new Error(`event ${event.eventId} vanished while its contact was locked`);
  announceContacts(app.hub, settled.contactIds);
  if (settled.contactIds.length > 0) announceQueue(app.hub);
  return row;
}

/**
 * Classes events as made by a machine or by a person, in the caller's transaction. What they counted as
 * before is kept, their contacts are evaluated anew, and leads that qualify by it are handed over. An open
 * handoff stays, even where the lead no longer qualifies; the journal says so. Events that are of that class
 * already are left alone. Taking back that a person made an event, without a note, restores why it counted as
 * machine-made.
 */
export async function classEvents(sql: Sql, app: App, classing: Classing, by: Doing): Promise<Settled> {
  const { note } = classing;
  const { actor, now } = by;
  const events = await lockEvents(sql, classing.eventIds);
  const machine = classing.machine ? reasonOf(actor, note) : null;
  const eventIds = events.map(({ id }) => id);
  const contactIds = [...new Set(events.map(event => event.contact_id))].sort();
  const watch = await watchHandoffs(sql, app, contactIds, now);
  const saved = await saveClass(sql, { eventIds, machine, note, actor, recordedAt: now });
  const changed = events.filter(({ id }) => saved.has(id));
  if (changed.length === 0) return NOTHING;
  const ids = [...new Set(changed.map(event => event.contact_id))].sort();
  // Who was last seen by a machine's event was not seen then.
  await recallContacts(sql, ids);
  const change: Change = { ...noChange(now), mustRefold: true };
  const settled = await settle(sql, app, { changes: new Map(ids.map(id => [id, change])), opens: 'onCall' });
  await addJournal(
    sql,
    changed.map(event => entryOf(event, classing, by)),
  );
  await watch.tell({ because: becauseOf(changed, classing), actor });
  return settled;
}

/** Locks the contacts of events and finds the events; those of a contact joined to another meanwhile are looked up anew. */
async function lockEvents(sql: Sql, ids: readonly number[]): Promise<readonly FoundEvent[]> {
  for (;;) {
    const events = await findEvents(sql, ids);
    if (await lockContacts(sql, [...new Set(events.map(event => event.contact_id))])) return events;
  }
}

function reasonOf(actor: string, note: string | null): string {
  return oneLine(`classed by ${oneLine(actor, 40)}${note === null ? '' : `: ${note}`}`, MAX_REASON);
}

function entryOf(event: FoundEvent, { machine, note }: Classing, { actor, now }: Doing): JournalEntry {
  return entry(
    'reclassed',
    { eventId: event.id, event: event.name, machine, was: event.machine, note },
    { contactId: event.contact_id, at: now, by: actor },
  );
}

/** What was classed, for the owner of a handoff that rested on it. */
function becauseOf(events: readonly FoundEvent[], { machine, note }: Classing): string {
  const what =
    events.length === 1 ? `“${oneLine(events[0]?.name ?? '', 60)}” was` : `${events.length} events were`;
  const why = note === null ? '' : ` (${oneLine(note, 80)})`;
  return `${what} classed as made by a ${machine ? 'machine' : 'person'}${why}`;
}
