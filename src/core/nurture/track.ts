import type { Agreement } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';
import { compileCondition, findField, makeFieldTable, readFields } from '../condition/predicate.ts';
import { read } from '../condition/reading.ts';
import type { Profile } from '../contact/profile.ts';
import { formatInstant } from '../time/instant.ts';

/** A track of an agreement, as it is written there. */
type Track = NonNullable<Agreement['practice']['nurture']>[number];

/** A step that falls due. `at` in epoch ms; the name is that of the template, or of the webhook's step. */
export interface DueStep {
  readonly step: number;
  readonly kind: 'email' | 'webhook' | 'wait';
  readonly name: string | null;
  readonly at: number;
}

/**
 * The step of a track that comes next, when the one before it was done at `from` (for the first step: when the lead entered
 * the track); null where the track has ended.
 *
 * @example stepAfter({ steps: [{ wait: 1000, email: 'hello' }] }, 0, 5) // { step: 0, kind: 'email', name: 'hello', at: 1005 }
 */
export function stepAfter({ steps }: Pick<Track, 'steps'>, step: number, from: number): DueStep | null {
  const found = steps[step];
  if (found === undefined) return null;
  const { wait = 0, email, webhook } = found;
  const at = from + wait;
  if (email !== undefined) return { step, kind: 'email', name: email, at };
  return webhook === undefined
    ? { step, kind: 'wait', name: null, at }
    : { step, kind: 'webhook', name: webhook, at };
}

/** The track of an id; null where the agreement has none of it. */
export function findTrack({ practice }: Agreement, id: string): Track | null {
  return practice.nurture?.find(track => track.id === id) ?? null;
}

/** The track that a lead enters when it is recycled for a reason: the one that the reason names, else the first that holds. */
export function trackFor(
  agreement: Agreement,
  reason: string,
  lead: {
    readonly profile: Pick<Profile, 'contact' | 'company'>;
    readonly createdAt: number;
    readonly now: number;
  },
): Track | null {
  const { reasons = [], nurture = [] } = agreement.practice;
  const found = reasons.find(({ id }) => id === reason);
  if (found === undefined || found.then !== 'recycle') return null;
  if (found.nurture !== undefined) return findTrack(agreement, found.nurture);
  return nurture.find(({ when }) => when === undefined || holds(when, lead)) ?? null;
}

function holds(when: Condition, { profile, createdAt, now }: Parameters<typeof trackFor>[2]): boolean {
  const table = makeFieldTable();
  const predicate = compileCondition(when, table);
  const readings = readFields(table, { contact: profile.contact, company: profile.company });
  const field = findField(table, { source: 'contact', path: ['createdAt'] });
  if (field !== null) readings[field] = read(formatInstant(createdAt));
  return predicate(readings, now);
}
