import { z } from 'zod';
import { letterShape } from '../../contract/api/letter.ts';
import { bagOf } from '../../core/contact/bag.ts';
import { optedOutField } from '../../core/letter/consent.ts';
import { mailboxWords } from '../../core/letter/envelope.ts';
import { readRefusal, refusalWords, whyNoLetter } from '../../core/letter/refusal.ts';
import { uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { loadActiveVersions } from '../../db/agreement/agreement.ts';
import { listContactLetters, loadLetterAddressees } from '../../db/letter/letter.ts';
import { listStops } from '../../db/letter/stop.ts';
import { mustFind } from '../../loop/error.ts';
import { allowLetters as allow, stopLetters as stop } from '../../loop/letter/consent.ts';
import { missingForLetters, previewTemplates, sendTestLetter } from '../../loop/letter/preview.ts';
import { doing } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';

const position = z.object({ at: cursorInstant, id: uuid });

/** Lists the letters to a contact, and says whether and why no more may go there. */
export const listLetters: Handler<'listLetters'> = async ({ app }, { params, query }) => {
  const [leading] = await loadActiveVersions(app.db);
  const addressee = await mustFind({ kind: 'contact', id: params.id }, async () => {
    const [row] = await loadLetterAddressees(app.db, [params.id], leading?.id ?? '');
    return row ?? null;
  });
  const contact = bagOf(addressee.contact);
  const because = whyNoLetter({
    email: addressee.email,
    contact,
    isOptedOut: addressee.is_opted_out,
    isBounced: addressee.is_bounced,
    isDisqualified: addressee.is_disqualified,
  });
  const { limit } = query;
  const after = readCursor(query.cursor, position);
  const rows = await listContactLetters(app.db, { contactId: params.id, after, limit: limit + 1 });
  const { page, last } = splitPage(rows, limit);
  const stops = await listStops(app.db, params.id);
  return {
    items: page.map(viewOf),
    nextCursor: last === null ? null : writeCursor({ at: last.created_at, id: last.id }),
    refusal: because === null ? null : { because, words: refusalWords(because) },
    field: optedOutField(contact),
    stops: stops.map(row => ({
      id: row.id,
      kind: row.kind === 'bounced' ? 'bounced' : 'opted_out',
      address: row.address,
      detail: row.detail,
      at: formatInstant(row.at),
      by: row.by,
      endedAt: instantOrNull(row.ended_at),
      endedBy: row.ended_by,
    })),
  };
};

type Row = Awaited<ReturnType<typeof listContactLetters>>[number];

function viewOf(row: Row) {
  const because = readRefusal(row.because);
  return letterShape.parse({
    id: row.id,
    purpose: row.purpose,
    entry: row.entry,
    template: row.template,
    state: row.state,
    because,
    reason:
      because === null
        ? null
        : [refusalWords(because), ...(row.detail === null ? [] : [row.detail])].join(': '),
    createdAt: formatInstant(row.created_at),
    notBefore: formatInstant(row.not_before),
    endedAt: instantOrNull(row.ended_at),
    owner: row.from_address ?? row.owner_name,
    address: row.address,
    subject: row.subject,
    text: row.body,
  });
}

/** Stops mail to a contact by hand. */
export const stopLetters: Handler<'stopLetters'> = async (request, { params, body }) => ({
  id: await stop(request.app, params.id, { note: body.note ?? null }, doing(request, 'stopLetters')),
});

/** Takes back by hand what keeps mail from a contact. */
export const allowLetters: Handler<'allowLetters'> = async (request, { params, body }) => ({
  id: await allow(request.app, params.id, body, doing(request, 'allowLetters')),
});

/** Fills in the templates of a version for a contact, as it would get them now. */
export const previewLetters: Handler<'previewLetters'> = async ({ app }, { params, query }) => {
  const { id: agreementId, version } = params;
  const asked = { agreementId, version, contactId: query.contactId ?? null };
  const { contact, letters } = await previewTemplates(app, asked);
  const { id, name, email } = contact;
  return {
    contact: { id, name, email: email ?? '' },
    missing: app.demo() === null ? [...missingForLetters(app)] : [],
    letters: letters.map(({ template, mail, problem }) => ({
      template,
      from: mail === null ? '' : mailboxWords(mail.from),
      replyTo: mail === null ? '' : mailboxWords(mail.replyTo),
      subject: mail?.subject ?? '',
      text: mail?.text ?? '',
      html: mail?.html ?? '',
      problem,
    })),
  };
};

/** Sends the person who is signed in a template, filled in for a contact. */
export const testLetter: Handler<'testLetter'> = (request, { params, body }) => {
  const { id: agreementId, version } = params;
  const asked = { agreementId, version, contactId: body.contactId ?? null, template: body.template };
  return sendTestLetter(request.app, asked, doing(request, 'testLetter'));
};
