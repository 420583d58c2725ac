import { reclassEvent } from '../../loop/intake/reclass.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { timelineItemOf } from './timeline.ts';

/** Classes one event of a contact; answers with the event as its timeline shows it from then on. */
export const classEvent: Handler<'classEvent'> = async (request, { params, body }) => {
  const note = body.note?.trim() ?? '';
  const said = { machine: body.machine, note: note === '' ? null : note };
  const event = { contactId: params.id, eventId: params.eventId };
  const row = await reclassEvent(request.app, event, said, doing(request, 'classEvent'));
  return timelineItemOf(row, new Map());
};
