import { z } from 'zod';
import { journalWords } from '../../core/contact/journalwords.ts';
import { kindsShownAs } from '../../core/contact/shown.ts';
import { eventWords } from '../../core/contact/timeline.ts';
import { teamsByLabel } from '../../core/routing/teams.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import { listTimelineRows } from '../../db/contact/timeline.ts';
import { listTeamLabels } from '../../db/routing/team.ts';
import { mustFindContact } from '../../loop/contact/contact.ts';
import { reclassEvent } from '../../loop/intake/reclass.ts';
import { doing } from '../handler/actor.ts';
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
  const [rows, teams] = await Promise.all([
    listTimelineRows(app.db, { contactId: contact.id, after, limit: query.limit + 1, ...partOf(query.show) }),
    listTeamLabels(app.db),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(row => timelineItemOf(row, teams)),
    nextCursor:
      last === null ? null : writeCursor({ at: last.at, source: source.parse(last.source), id: last.id }),
  };
};

type Part = Parameters<Handler<'listTimeline'>>[1]['query']['show'];

function partOf(part: Part) {
  switch (part) {
    case undefined:
      return { withEvents: true, kinds: null };
    case 'events':
      return { withEvents: true, kinds: [] };
    case 'work':
      return { withEvents: false, kinds: kindsShownAs(['handoff', 'decision', 'activity']) };
    case 'alerts':
      return { withEvents: false, kinds: kindsShownAs(['alert']) };
    default:
      return unreachable(part);
  }
}

/** Writes a row of a timeline for the wire, with teams by their labels. */
export function timelineItemOf(
  row: Awaited<ReturnType<typeof listTimelineRows>>[number],
  teams: ReadonlyMap<string, string>,
) {
  const { particulars, type, name, machine } = row;
  const words =
    row.source === 'event'
      ? { kind: 'event', ...eventWords({ type, name, properties: particulars, machine }) }
      : journalWords({ kind: type, particulars });
  return {
    id: `${row.source}-${row.id}`,
    at: formatInstant(row.at),
    kind: words.kind,
    title: teamsByLabel(words.title, teams),
    detail: words.detail === null ? null : teamsByLabel(words.detail, teams),
    actor: row.actor === null ? null : oneLine(row.actor, 100),
    machine: machine !== null,
    machineReason: machine === null ? null : oneLine(machine, 200),
    eventId: row.source === 'event' ? String(row.id) : null,
  };
}

/** Classes one event of a contact; answers with the event as its timeline shows it from then on. */
export const classEvent: Handler<'classEvent'> = async (request, { params, body }) => {
  const note = body.note?.trim() ?? '';
  const said = { machine: body.machine, note: note === '' ? null : note };
  const event = { contactId: params.id, eventId: params.eventId };
  const row = await reclassEvent(request.app, event, said, doing(request, 'classEvent'));
  return timelineItemOf(row, new Map());
};
