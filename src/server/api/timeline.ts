import { z } from 'zod';
import { journalWords } from '../../core/contact/journalwords.ts';
import { eventWords } from '../../core/contact/timeline.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { listTimelineRows } from '../../db/contact/timeline.ts';
import { mustFindContact } from '../../loop/contact/contact.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';

const position = z.object({
  at: cursorInstant,
  source: z.enum(['event', 'journal']),
  id: z.int().min(0),
});
const source = position.shape.source;

/** Lists what happened to a contact in words, newest first. */
export const listTimeline: Handler<'listTimeline'> = async ({ app }, { params, query }) => {
  const after = readCursor(query.cursor, position);
  const contact = await mustFindContact(app.db, params.id);
  const rows = await listTimelineRows(app.db, { contactId: contact.id, after, limit: query.limit + 1 });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(timelineItemOf),
    nextCursor:
      last === null ? null : writeCursor({ at: last.at, source: source.parse(last.source), id: last.id }),
  };
};

/** Writes a row of a timeline for the wire. */
export function timelineItemOf(row: Awaited<ReturnType<typeof listTimelineRows>>[number]) {
  const { particulars, type, name, machine } = row;
  const words =
    row.source === 'event'
      ? { kind: 'event', ...eventWords({ type, name, properties: particulars, machine }) }
      : journalWords({ kind: type, particulars });
  return {
    id: `${row.source}-${row.id}`,
    at: formatInstant(row.at),
    kind: words.kind,
    title: words.title,
    detail: words.detail,
    actor: row.actor === null ? null : oneLine(row.actor, 100),
    machine: machine !== null,
    machineReason: machine === null ? null : oneLine(machine, 200),
    eventId: row.source === 'event' ? String(row.id) : null,
  };
}
