import { bagOf } from '../../core/contact/bag.ts';
import { type LetterRefusal, readRefusal, whyNoLetter } from '../../core/letter/refusal.ts';
import type { Sql } from '../../db/database.ts';
import {
  addLetters,
  enqueueLetters,
  findKnownLetters,
  type LetterAddressee,
  loadLetterAddressees,
} from '../../db/letter/letter.ts';
import { addNews } from '../../db/letter/stop.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';

/** A mail to a lead, to be promised. Times in epoch ms. */
export interface NewLetter {
  readonly purpose: 'outreach' | 'nurture';
  /** What makes it one of a kind for the contact: promised again under the same key, it is the same letter. */
  readonly key: string;
  readonly contactId: string;
  readonly episodeId: string | null;
  readonly agreementId: string;
  readonly version: number;
  /** The id of the entry of the outreach list, or of the track. */
  readonly entry: string;
  /** The template of that version. */
  readonly templateId: string;
  /** `owner`, or an address: in whose name it goes, and where answers go. */
  readonly from: string;
  /** Who the owner is; the company writes without one. */
  readonly ownerId: string | null;
  readonly promisedAt: number;
  /** When it may leave. */
  readonly notBefore: number;
}

/**
 * What came of promising a letter. `promised` says only that it waits in the outbox, or was sent already: it is asked again
 * whether the contact wants mail when it is sent, and what becomes of it is told by {@link takeLetterNews}. `refused` is for
 * good.
 */
export type Promised =
  | { readonly kind: 'promised'; readonly id: string; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly because: LetterRefusal; readonly id: string };

/**
 * Promises letters in the caller's transaction: each is sent once, after the commit and from `notBefore` on, whatever
 * restarts or is tried again. One of a known purpose, contact and key changes nothing and is answered as it was. Refused, and
 * kept as refused, is a letter to somebody who opted out, is disqualified under its agreement or for good, has no
 * address that mail could reach, or whose mail came back. The caller holds the contacts locked, so that an opt-out comes
 * before or after. A few queries, whatever the number of letters of one agreement.
 */
export async function promiseLetters(
  sql: Sql,
  app: App,
  letters: readonly NewLetter[],
): Promise<readonly Promised[]> {
  if (letters.length === 0) return [];
  const addressees = new Map<string, LetterAddressee>();
  for (const agreementId of new Set(letters.map(letter => letter.agreementId))) {
    const ids = letters.flatMap(letter => (letter.agreementId === agreementId ? [letter.contactId] : []));
    for (const row of await loadLetterAddressees(sql, [...new Set(ids)], agreementId))
      addressees.set(`${agreementId} ${row.id}`, row);
  }
  const made = [];
  for (const letter of letters) {
    const addressee = addressees.get(`${letter.agreementId} ${letter.contactId}`) ?? null;
    const because = (await lacksTemplate(sql, app, letter)) ? 'no_template' : whyNot(addressee);
    made.push({ letter, id: app.newId(), because, address: addressee?.email ?? null });
  }
  const added = await addLetters(
    sql,
    made.map(({ letter, id, because, address }) => ({
      id,
      purpose: letter.purpose,
      key: letter.key,
      contactId: letter.contactId,
      episodeId: letter.episodeId,
      agreementId: letter.agreementId,
      version: letter.version,
      entry: letter.entry,
      template: letter.templateId,
      fromAddress: letter.from === 'owner' ? null : letter.from,
      ownerId: letter.ownerId,
      state: because === null ? 'waiting' : 'refused',
      because,
      createdAt: letter.promisedAt,
      notBefore: letter.notBefore,
      address,
    })),
  );
  const fresh = made.filter(({ id }) => added.has(id));
  await enqueueLetters(
    sql,
    fresh.flatMap(({ letter, id, because, address }) =>
      because !== null || address === null
        ? []
        : [
            {
              id,
              recipient: address,
              subject: `Letter: ${letter.templateId}`,
              createdAt: letter.promisedAt,
              nextAttemptAt: Math.max(letter.promisedAt, letter.notBefore),
              contactId: letter.contactId,
              episodeId: letter.episodeId,
            },
          ],
    ),
  );
  const refused = fresh.flatMap(({ letter, id, because }) =>
    because === null
      ? []
      : [
          {
            contactId: letter.contactId,
            letterId: id,
            kind: 'refused' as const,
            because,
            at: letter.promisedAt,
          },
        ],
  );
  await addNews(sql, refused);
  const known = fresh.length === made.length ? [] : await findKnownLetters(sql, letters);
  return made.map(({ letter, id, because }): Promised => {
    if (added.has(id))
      return because === null ? { kind: 'promised', id, isNew: true } : { kind: 'refused', because, id };
    const before = known.find(
      row => row.contact_id === letter.contactId && row.purpose === letter.purpose && row.key === letter.key,
    );
    const was = before?.state === 'refused' ? readRefusal(before.because) : null;
    const beforeId = before?.id ?? id;
    return was === null
      ? { kind: 'promised', id: beforeId, isNew: false }
      : { kind: 'refused', because: was, id: beforeId };
  });
}

function whyNot(addressee: LetterAddressee | null): LetterRefusal | null {
  if (addressee === null) return 'unknown_contact';
  return whyNoLetter({
    email: addressee.email,
    contact: bagOf(addressee.contact),
    isOptedOut: addressee.is_opted_out,
    isBounced: addressee.is_bounced,
    isDisqualified: addressee.is_disqualified,
  });
}

async function lacksTemplate(sql: Sql, app: App, letter: NewLetter): Promise<boolean> {
  const { program } = await agreementOf(sql, app.db, { id: letter.agreementId, version: letter.version });
  return !Object.hasOwn(program.agreement.practice.templates ?? {}, letter.templateId);
}
