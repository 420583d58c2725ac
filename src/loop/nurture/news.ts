import type { Exit } from '../../core/contact/exit.ts';
import { refusalWords } from '../../core/letter/refusal.ts';
import { EXIT_BY_MAIL } from '../../core/nurture/exit.ts';
import type { Sql } from '../../db/database.ts';
import { listActiveNurture, refuseNurtureSteps } from '../../db/nurture/nurture.ts';
import { type App, announceContacts } from '../app.ts';
import { type News, takeLetterNews } from '../letter/news.ts';
import { leaveTracks } from './track.ts';

/** How much news of letters one sweep takes. */
const NEWS_BATCH = 200;

/**
 * Ends the tracks of contacts that opted out, answered, or whose mail came back, and those of which a mail was refused when it
 * was to be sent; one bounded batch. Returns how much news there was.
 */
export async function sweepNews(app: App, now: number): Promise<number> {
  const done = await app.db.transaction(async sql => {
    const news = await takeLetterNews(sql, NEWS_BATCH);
    const exits = [...(await exitsOfContacts(sql, news)), ...(await exitsOfLetters(sql, news))];
    const first = exits.filter(({ id }, index) => exits.findIndex(other => other.id === id) === index);
    const contactIds = await leaveTracks(sql, first, { actor: 'nurture', now });
    return { count: news.length, contactIds };
  });
  announceContacts(app.hub, done.contactIds);
  return done.count;
}

type Leaving = { readonly id: string } & Exit;

async function exitsOfContacts(sql: Sql, news: readonly News[]): Promise<readonly Leaving[]> {
  const told = news.flatMap(({ kind, contactId, at }) =>
    kind === 'opted_out' || kind === 'bounced' || kind === 'replied' ? [{ kind, contactId, at }] : [],
  );
  if (told.length === 0) return [];
  const active = await listActiveNurture(
    sql,
    told.map(({ contactId }) => contactId),
  );
  return active.flatMap(({ id, contact_id: contactId, entered_at: enteredAt }): readonly Leaving[] => {
    // What they answered before says nothing of a track; that they want no mail, or get none, holds whenever it was told.
    const exit = told.find(
      one => one.contactId === contactId && (one.kind !== 'replied' || one.at >= enteredAt),
    );
    return exit === undefined ? [] : [{ id, because: EXIT_BY_MAIL[exit.kind], note: null }];
  });
}

async function exitsOfLetters(sql: Sql, news: readonly News[]): Promise<readonly Leaving[]> {
  const refused = news.flatMap(({ kind, letterId, because }) =>
    kind !== 'refused' || letterId === null || because === null
      ? []
      : [{ letterId, why: refusalWords(because) }],
  );
  if (refused.length === 0) return [];
  const steps = await refuseNurtureSteps(sql, refused);
  return steps.flatMap(({ nurture_id: id, letter_id: letterId }): readonly Leaving[] => {
    const note = refused.find(one => one.letterId === letterId)?.why;
    return note === undefined ? [] : [{ id, because: 'refused', note }];
  });
}
