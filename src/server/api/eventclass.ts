import { oneLine } from '../../core/text/safe.ts';
import { findTimelineEvent } from '../../db/contact/timeline.ts';
import { mustFindContact } from '../../loop/contact/contact.ts';
import { AppError } from '../../loop/error.ts';
import { classEvents, lockEvents } from '../../loop/intake/reclass.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { timelineItemOf } from './timeline.ts';

/** Classes one event of a contact; answers with the event as its timeline shows it from then on. */
export const classEvent: Handler<'classEvent'> = async (request, { params, body }) => {
  const { app } = request;
  const by = doing(request);
  const ids = /^\d{1,15}$/.test(params.eventId) ? [Number(params.eventId)] : [];
  const note = body.note?.trim() ?? '';
  const said = { machine: body.machine, note: note === '' ? null : note };
  const { settled, row } = await app.db.transaction(async sql => {
    const [event] = await lockEvents(sql, ids);
    const contact = await mustFindContact(sql, params.id);
    if (event === undefined || event.contact_id !== contact.id)
      throw new AppError('notFound', `the contact has no event ${oneLine(params.eventId, 40)}`);
    const done = await classEvents(sql, app, { eventIds: ids, ...said }, by);
    return { settled: done, row: await findTimelineEvent(sql, event.id) };
  });
  if (row === null) throw new Error(`event ${params.eventId} vanished while its contact was locked`);
  for (const contactId of settled.contactIds) app.hub.publish(null, { kind: 'contact', contactId });
  if (settled.contactIds.length > 0) app.hub.publish(null, { kind: 'queue' });
  return timelineItemOf(row);
};
