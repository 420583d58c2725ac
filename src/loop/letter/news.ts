import { z } from 'zod';
import { type LetterRefusal, readRefusal } from '../../core/letter/refusal.ts';
import type { Sql } from '../../db/database.ts';
import { takeNews } from '../../db/letter/stop.ts';

const kind = z.enum(['sent', 'refused', 'failed', 'opted_out', 'bounced', 'replied']);

/**
 * What became of a letter, or what somebody did who may get letters. `sent`, `refused` and `failed` speak of one letter, the
 * others of the contact, with the letter if it is known. After `refused` the letter is never sent; `failed` says that mail
 * was away for days, or is not set up, and a person may yet send it again. Epoch ms.
 */
export interface News {
  readonly contactId: string;
  readonly letterId: string | null;
  readonly kind: z.infer<typeof kind>;
  readonly because: LetterRefusal | null;
  readonly at: number;
}

/**
 * Takes the oldest news of letters in the caller's transaction, up to `limit`, in the order in which it came. Each is taken
 * once, by whichever node asks first; a transaction that is rolled back leaves it for the next one. Contacts that were joined
 * with others are named as who they are now.
 */
export async function takeLetterNews(sql: Sql, limit: number): Promise<readonly News[]> {
  return (await takeNews(sql, limit)).flatMap(row => {
    const read = kind.safeParse(row.kind);
    if (!read.success) return [];
    const because = readRefusal(row.because);
    return [{ contactId: row.contact_id, letterId: row.letter_id, kind: read.data, because, at: row.at }];
  });
}
