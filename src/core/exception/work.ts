import { type Refused, refuse } from '../problem.ts';

/** Something that waits for a person, as far as working on it needs it. */
interface Open {
  /** When it was dealt with, in epoch ms. */
  readonly closedAt: number | null;
  readonly contactId: string | null;
  /** The handoff that waits. */
  readonly episodeId: string | null;
}

/**
 * Checks that something still waits for a person.
 *
 * @example checkOpen({ closedAt: null }) // null
 */
export function checkOpen({ closedAt }: Pick<Open, 'closedAt'>): Refused | null {
  return closedAt === null ? null : refuse('conflict', 'this was dealt with already');
}

/**
 * The handoff to be given to somebody; refused where none waits.
 *
 * @example episodeToGive({ episodeId: 'e1' }) // 'e1'
 */
export function episodeToGive({ episodeId }: Pick<Open, 'episodeId'>): string | Refused {
  return episodeId ?? refuse('conflict', 'there is no lead to give to somebody; close it instead');
}

/**
 * The contact whose missing fields are to be filled in; refused where none is concerned.
 *
 * @example contactToComplete({ contactId: 'c1' }) // 'c1'
 */
export function contactToComplete({ contactId }: Pick<Open, 'contactId'>): string | Refused {
  return contactId ?? refuse('conflict', 'this is about no contact');
}

/**
 * Checks that something may be closed by hand: no lead waits there, which would have nobody then.
 *
 * @example checkClosing({ episodeId: null }) // null
 */
export function checkClosing({ episodeId }: Pick<Open, 'episodeId'>): Refused | null {
  return episodeId === null ? null : refuse('conflict', 'a lead waits here; give it to somebody instead');
}

/**
 * The id whose joins are to be taken apart; refused where the exception is about none.
 *
 * @example identityToPart({ identity: { kind: 'user', value: 'u1' } }) // { kind: 'user', value: 'u1' }
 */
export function identityToPart<Identity>({
  identity,
}: {
  readonly identity: Identity | null;
}): Identity | Refused {
  return identity ?? refuse('conflict', 'nothing was joined here that could be taken apart');
}
