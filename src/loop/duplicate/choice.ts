import { foldFacts } from '../../core/contact/fold.ts';
import type { ContactProfile } from '../../core/contact/profile.ts';
import { type Choices, chosenFact, type Joined, unchosenFact } from '../../core/duplicate/choice.ts';
import type { Sql } from '../../db/database.ts';
import { loadFacts } from '../../db/intake/event.ts';
import { addFacts } from '../../db/intake/intake.ts';
import { factOf } from '../contact/fold.ts';

type FactRow = Omit<Awaited<ReturnType<typeof loadFacts>>[number], 'contact_id'>;

/** Folds what was said of two contacts: of each, and of both together. */
export function foldBoth(facts: { readonly a: readonly FactRow[]; readonly b: readonly FactRow[] }): Joined {
  const fold = (rows: readonly FactRow[]): ContactProfile => foldFacts(rows.map(factOf)).profile;
  return { a: fold(facts.a), b: fold(facts.b), both: fold([...facts.a, ...facts.b]) };
}

/** What a merge is to keep of two contacts. */
interface Chosen {
  readonly mergeId: string;
  readonly a: string;
  readonly b: string;
  readonly into: string;
  readonly choices: Choices;
  readonly now: number;
}

/** Says of the contact that stays what was chosen for it. To be called before the two are joined. */
export async function keepChosen(sql: Sql, chosen: Chosen): Promise<void> {
  const { mergeId, a, b, into, choices, now } = chosen;
  const rows = await loadFacts(sql, [a, b]);
  const of = (id: string) => rows.filter(row => row.contact_id === id);
  const fact = chosenFact(foldBoth({ a: of(a), b: of(b) }), choices);
  if (fact !== null) await say(sql, { contactId: into, messageId: messageOf(mergeId), fact, now });
}

/** Unsays what was chosen for a merge that is undone; the past keeps it. To be called after the two are parted. */
export async function dropChosen(
  sql: Sql,
  of: { readonly mergeId: string; readonly into: string; readonly now: number },
): Promise<void> {
  const { mergeId, into, now } = of;
  const rows = await loadFacts(sql, [into]);
  const own = rows.filter(row => row.message_id !== messageOf(mergeId));
  if (own.length === rows.length) return;
  const { a, b } = foldBoth({ a: rows, b: own });
  const fact = unchosenFact(a, b);
  if (fact !== null)
    await say(sql, { contactId: into, messageId: `${messageOf(mergeId)}-undone`, fact, now });
}

function messageOf(mergeId: string): string {
  return `merge-${mergeId}`;
}

async function say(
  sql: Sql,
  of: {
    readonly contactId: string;
    readonly messageId: string;
    readonly fact: { readonly contact: unknown; readonly companyPart: unknown };
    readonly now: number;
  },
): Promise<void> {
  const { contactId, messageId, fact, now } = of;
  const more = { at: now, mode: 'set' as const, companyId: null, createdAt: null, recordedAt: now };
  await addFacts(sql, [{ contactId, messageId, ...fact, ...more }], null);
}
