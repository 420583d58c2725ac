import { type Role, WORKERS } from '../contract/endpoint.ts';
import type { Episode } from '../contract/shapes.ts';
import type { Case, Refused } from '../core/decision/decision.ts';
import { listed } from '../core/text/number.ts';
import type { Sql } from '../db/database.ts';
import { loadCase, lockLead } from '../db/decision/episode.ts';
import type { JournalEntry } from '../db/journal.ts';
import type { App, Caller, Request } from './app.ts';
import { AppError, refusalOf } from './apperror.ts';
import { episodeStateOf, loadEpisode } from './queue.ts';

/** An episode with what deciding on it needs. */
export type LoadedCase = NonNullable<Awaited<ReturnType<typeof loadCase>>>;

/** Who does something to an episode, and when; epoch ms. */
export interface Doing {
  readonly actor: string;
  /** The person who does it; null for an API key. */
  readonly userId?: string | null;
  /** Without one the doer is Baton itself, which may do anything. */
  readonly role?: Role;
  readonly now: number;
}

/** Locks the contact of an episode, then the episode, and loads it; refused when there is none. */
export async function mustLoad(sql: Sql, id: string): Promise<LoadedCase> {
  if (isUuid(id)) await lockLead(sql, id);
  const loaded = isUuid(id) ? await loadCase(sql, id) : null;
  if (loaded === null) throw new AppError('notFound', `there is no episode ${id}`);
  return loaded;
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** What the journal says of any move of an episode. */
export function journalOf(
  loaded: LoadedCase,
  { actor, now }: Doing,
  what: Pick<JournalEntry, 'kind' | 'particulars'>,
): JournalEntry {
  return {
    ...what,
    contactId: loaded.contact_id,
    episodeId: loaded.id,
    agreementId: loaded.agreement_id,
    version: loaded.version,
    at: now,
    recordedAt: now,
    actor,
  };
}

/** An episode as decisions see it. */
export function caseOf(loaded: LoadedCase): Case {
  return {
    state: episodeStateOf(loaded.state),
    handedOffAt: loaded.handed_off_at,
    firstTouchAt: loaded.first_touch_at,
    decidedAt: loaded.decided_at,
    reason: loaded.reason,
    hasSuccessor: loaded.has_successor,
  };
}

/** A refusal as the API answers it. */
export function refusal({ as, path, message }: Refused): AppError {
  return new AppError(as, message, { problems: path === '' ? [] : [{ path, message }] });
}

/** What is expected of whoever is to own leads. */
export const EXPECTED_OWNER = `expected an active user with the role ${listed(WORKERS, 'or')}`;

/** The refusal of somebody who may not own leads. */
export function noOwner(): AppError {
  return refusalOf('invalid', [{ path: 'ownerId', message: EXPECTED_OWNER }]);
}

/** Refuses whoever did not sign in. */
export function mustBeSomeone(caller: Caller | null): Caller {
  if (caller === null) throw new AppError('unauthorised', 'sign in first');
  return caller;
}

/** Who asks, and when. */
export function doing(request: Request): Doing {
  const { name, id, role } = mustBeSomeone(request.caller);
  return { actor: name, userId: id, role, now: request.now };
}

/** Answers with an episode as it is now. */
export async function answer(app: App, id: string): Promise<Episode> {
  const episode = await loadEpisode(app, id);
  if (episode === null) throw new AppError('notFound', `there is no episode ${id}`);
  return episode;
}
