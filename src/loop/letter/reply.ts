import type { Happening } from '../../core/condition/event.ts';
import { mailSign } from '../../core/letter/reply.ts';
import type { Sql } from '../../db/database.ts';
import { addNews } from '../../db/letter/stop.ts';
import type { App } from '../app.ts';
import { addAll } from './stop.ts';

/**
 * Takes note of what new events say of mail to contacts, in the caller's transaction: who opted out or complained gets no
 * more, an address that mail came back from neither, and tracks hear of answers. Imported events count too: an opt-out holds
 * whenever it is told. Other events cost nothing but a look at their name.
 */
export async function noteMailSigns(
  sql: Sql,
  app: App,
  changes: ReadonlyMap<string, { readonly events: readonly Happening[]; readonly now: number }>,
  emailOf: (contactId: string) => string | null,
): Promise<void> {
  const signs = [...changes].flatMap(([contactId, { events, now }]) =>
    events.flatMap(event => {
      const sign = mailSign(event);
      return sign === null ? [] : [{ ...sign, contactId, now, name: event.name }];
    }),
  );
  if (signs.length === 0) return;
  const stops = signs.flatMap(({ kind, address, contactId, now, name }) => {
    if (kind === 'replied') return [];
    const known = address ?? emailOf(contactId);
    if (kind === 'bounced' && known === null) return [];
    return [{ kind, contactId, address: known, at: now, by: 'an event', detail: name }];
  });
  // Told twice in one batch, the first counts.
  const first = new Map(
    stops.toReversed().map(stop => [`${stop.contactId} ${stop.kind} ${stop.address}`, stop]),
  );
  await addAll(sql, app, [...first.values()].toReversed());
  const replies = signs.filter(({ kind }) => kind === 'replied');
  await addNews(
    sql,
    replies.map(({ contactId, now }) => ({
      contactId,
      letterId: null,
      kind: 'replied' as const,
      because: null,
      at: now,
    })),
  );
}
