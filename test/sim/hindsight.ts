import { isDeepStrictEqual } from 'node:util';
import type { PrintedScore } from '../../src/core/scoring/print.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { makeChance } from './chance.ts';
import { BrokenError } from './check.ts';
import { AGREEMENT_ID, type Life } from './world.ts';

/** A score as it was told at a time, with all that was known then. */
export interface Told {
  readonly id: string;
  readonly at: number;
  /** The version that was active then. */
  readonly version: number;
  readonly printed: PrintedScore | null;
}

/** How many told scores of a world are asked for again at its end. */
const ASKED_AGAIN = 6;

/** Asks for the score of one contact, to ask again later; holds it against where the contact stands. */
export async function tellScores(life: Life, at: number): Promise<void> {
  const { contacts } = life.seen;
  const contact = contacts[(at + contacts.length) % Math.max(1, contacts.length)];
  if (contact === undefined) return;
  // What came by a clock that is ahead is known only later: such a moment cannot be asked for again.
  if (life.clocks.skew[0] !== life.clocks.skew[1]) return;
  const { id, version } = contact;
  if (version === null) return;
  const printed = await scoreOf(life, { id, at, version });
  if (printed !== null && 'total' in printed && printed.total !== contact.total)
    throw new BrokenError(
      `a contact stands elsewhere than its past says: ${JSON.stringify({ contact, printed })}`,
    );
  life.told.push({ id, at, version, printed });
}

/** Asks again for scores that were told, as it was known then. */
export async function checkPast(life: Life): Promise<void> {
  const chosen = makeChance(life.plan.seed).shuffled(life.told).slice(0, ASKED_AGAIN);
  for (const told of chosen) {
    const again = await scoreOf(life, told);
    life.asked += 1;
    if (!isDeepStrictEqual(again, told.printed))
      throw new BrokenError(`a past score is another now: ${JSON.stringify({ told, again })}`);
  }
}

// Each world has its own versions: what an earlier one compiled on this database must not be taken for them.
const scoreOf = ({ nodes }: Life, { id, at, version }: Omit<Told, 'printed'>) =>
  scoreOfContact(nodes[0].app.db, { contactId: id, at, knownAt: at, agreementId: AGREEMENT_ID, version });
