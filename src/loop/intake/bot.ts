import { valueAt } from '../../core/condition/reading.ts';
import { groupBy } from '../../core/contact/group.ts';
import { entry } from '../../core/contact/journal.ts';
import { textIn } from '../../core/contact/profile.ts';
import type { Opens } from '../../core/handoff/opening.ts';
import { classifyBurst, PAGES_IN_SIGHT, REACH_MS, type Stroke } from '../../core/intake/burst.ts';
import type { Call } from '../../core/intake/call.ts';
import { isFollowed, type MailBook } from '../../core/intake/mail.ts';
import { normaliseText } from '../../core/text/normalise.ts';
import { oneLine } from '../../core/text/safe.ts';
import { recallContacts } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { loadEventsAround, type Span, saveMachines } from '../../db/intake/machine.ts';
import { addJournal } from '../../db/journal.ts';
import type { App, Memory } from '../app.ts';
import { watchHandoffs } from '../handoff/flag.ts';
import { mailGatewayOf } from './mailnetwork.ts';

/** A call with the contact it was placed with. */
interface Placed {
  readonly call: Call;
  readonly contactId: string;
}

/** What the pace of events told of those that arrived, and of earlier ones. */
export interface Arrivals {
  /** The messages of this batch that a machine sent: they count for nothing. */
  readonly messageIds: ReadonlySet<string>;
  /** Contacts of which earlier events were classed anew: to be folded anew. */
  readonly recalled: ReadonlySet<string>;
  /** To be called once the contacts are evaluated: tells the owners of handoffs that rested on earlier events. */
  readonly tell: () => Promise<void>;
}

const NOTHING: Arrivals = { messageIds: new Set(), recalled: new Set(), tell: async () => {} };

/**
 * A call whose mail was opened, or link followed, from the network of a mail gateway is a machine's; others are as they
 * were. Only mails are looked at so: what servers send of a product comes from networks of machines, too.
 */
export function classByNetwork(call: Call, { kindOf }: MailBook): Call {
  const { says } = call;
  if (says.kind !== 'event' || says.machine !== null) return call;
  if (!isFollowed(kindOf(normaliseText(says.name)))) return call;
  const owner = mailGatewayOf(textIn(valueAt(says.context, ['ip'])) ?? '');
  if (owner === null) return call;
  return { ...call, says: { ...says, machine: `from the network of a mail scanner: ${owner}` } };
}

/**
 * Classes events by their pace, in the caller's transaction, after the batch was stored: those of it, and earlier ones
 * of the same minute. Costs one statement, and none for a batch without mails opened or sent and without a hurry.
 * Imported history is left as it is: its times are often rounded.
 */
export async function classArrivals(
  sql: Sql,
  app: App,
  placed: readonly Placed[],
  mode: {
    readonly now: number;
    readonly batchId: string | null;
    readonly opens: Opens | 'later';
    readonly mails: MailBook;
  },
): Promise<Arrivals> {
  if (mode.batchId !== null || mode.opens === 'later') return NOTHING;
  const { spans, names } = spansOf(app.memory, placed, mode.mails);
  if (spans.length === 0) return NOTHING;
  const rows = await loadEventsAround(sql, spans, names);
  const byId = new Map(rows.map(row => [row.id, row]));
  const found = [...groupBy(rows, row => row.contact_id).values()].flatMap(own =>
    classifyBurst(own.map(strokeOf), mode.mails),
  );
  if (found.length === 0) return NOTHING;
  const batch = new Set(placed.map(({ call }) => call.messageId));
  const marked = found.flatMap(({ id, reason }) => {
    const row = byId.get(id);
    return row === undefined ? [] : [{ id, reason, row, isNew: batch.has(row.message_id) }];
  });
  const earlier = marked.filter(({ isNew }) => !isNew);
  const recalled = [...new Set(earlier.map(({ row }) => row.contact_id))].sort();
  const watch = recalled.length === 0 ? null : await watchHandoffs(sql, app, recalled, mode.now);
  await saveMachines(sql, marked, mode.now);
  if (recalled.length > 0) await recallContacts(sql, recalled);
  await addJournal(
    sql,
    earlier.map(({ id, reason, row }) =>
      entry(
        'reclassed',
        { eventId: id, event: row.name, machine: true, was: null, note: reason },
        { contactId: row.contact_id, at: mode.now, by: 'intake' },
      ),
    ),
  );
  const [first] = earlier;
  return {
    messageIds: new Set(marked.filter(({ isNew }) => isNew).map(({ row }) => row.message_id)),
    recalled: new Set(recalled),
    tell: async () => {
      if (watch === null || first === undefined) return;
      const what =
        earlier.length === 1 ? `“${oneLine(first.row.name, 60)}” was` : `${earlier.length} events were`;
      await watch.tell({ because: `${what} made by ${first.reason}`, actor: 'intake' });
    },
  };
}

type EventRow = Awaited<ReturnType<typeof loadEventsAround>>[number];

function strokeOf(row: EventRow): Stroke {
  return {
    id: row.id,
    at: row.at,
    nameKey: row.name_key,
    properties: row.properties,
    context: row.context,
    machine: row.machine,
    isSettled: row.classed_at !== null,
  };
}

/** Around which new events to look, and at events of which names. */
function spansOf(
  memory: Memory,
  placed: readonly Placed[],
  mails: MailBook,
): { readonly spans: readonly Span[]; readonly names: readonly string[] } {
  const looked: { readonly contactId: string; readonly at: number }[] = [];
  const names = new Set<string>();
  for (const { call, contactId } of placed) {
    if (call.says.kind !== 'event') continue;
    const name = normaliseText(call.says.name);
    if (mails.isWatched(name)) for (const known of mails.watched) names.add(known);
    else if (name === 'page' && isHurried(memory, contactId, call.at)) names.add(name);
    else continue;
    looked.push({ contactId, at: call.at });
  }
  return { spans: joined(looked), names: [...names] };
}

/** One span around each instant, those of one contact that overlap made one. */
function joined(looked: readonly { readonly contactId: string; readonly at: number }[]): readonly Span[] {
  return [...groupBy(looked, ({ contactId }) => contactId)].flatMap(([contactId, own]) => {
    const spans: { contactId: string; from: number; to: number }[] = [];
    for (const { at } of [...own].sort((a, b) => a.at - b.at)) {
      const last = spans.at(-1);
      if (last !== undefined && at - REACH_MS <= last.to) last.to = at + REACH_MS;
      else spans.push({ contactId, from: at - REACH_MS, to: at + REACH_MS });
    }
    return spans;
  });
}

/** How many contacts are remembered. */
const REMEMBERED = 5_000;

/**
 * Whether a contact has seen a few pages within three seconds. A third of the pages that nobody sees so fast: calls of
 * one contact may reach several nodes, and one of them sees at least that many.
 */
function isHurried({ pages }: Memory, contactId: string, at: number): boolean {
  const near = (pages.get(contactId) ?? []).filter(time => Math.abs(time - at) < PAGES_IN_SIGHT.withinMs);
  const last = [...near, at].slice(-PAGES_IN_SIGHT.count);
  pages.delete(contactId);
  pages.set(contactId, last);
  const [oldest] = pages.keys();
  if (pages.size > REMEMBERED && oldest !== undefined) pages.delete(oldest);
  return last.length >= PAGES_IN_SIGHT.count;
}
