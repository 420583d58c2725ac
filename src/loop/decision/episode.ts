import type { EpisodeFacts } from '../../core/decision/decision.ts';
import { checkWork } from '../../core/routing/remit.ts';
import type { Sql } from '../../db/database.ts';
import { loadEpisodeRow, lockLeads } from '../../db/decision/episode.ts';
import type { Doing } from '../actor.ts';
import { allowed, mustFind } from '../error.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';
import { episodeStateOf } from './state.ts';

/** An episode with what deciding on it needs. */
export type LoadedEpisode = NonNullable<Awaited<ReturnType<typeof loadEpisodeRow>>>;

/**
 * Locks the contact of an episode, then the episode, and loads it; refused when there is none, and to people who may not
 * work on the lead.
 */
export async function mustLoad(sql: Sql, id: string, by: Doing): Promise<LoadedEpisode> {
  const loaded = await mustFind({ kind: 'episode', id }, async () => {
    await lockLeads(sql, [id]);
    return loadEpisodeRow(sql, id);
  });
  allowed(checkWork(heldLead(loaded), await loadRemit(sql, by)));
  return loaded;
}

/** What an entry of the journal is about that tells of a move of an episode. */
export function aboutEpisode(loaded: LoadedEpisode, { actor, now }: Doing) {
  return {
    contactId: loaded.contact_id,
    episodeId: loaded.id,
    agreementId: loaded.agreement_id,
    version: loaded.version,
    at: now,
    recordedAt: now,
    by: actor,
  };
}

/** The person of an episode and the score of its handoff, as webhooks carry them. */
export function personFacts(loaded: LoadedEpisode) {
  const { contact_name: name, contact_title: title, contact_email: email, contact_company: company } = loaded;
  return { contact: { name, title, email, company }, total: loaded.total, grade: loaded.grade };
}

/** An episode as decisions see it. */
export function episodeFacts(loaded: LoadedEpisode): EpisodeFacts {
  return {
    state: episodeStateOf(loaded.state),
    handedOffAt: loaded.handed_off_at,
    firstTouchAt: loaded.first_touch_at,
    decidedAt: loaded.decided_at,
    reason: loaded.reason,
    reasonLabel: loaded.reason_label,
    decision: loaded.decision === 'accepted' || loaded.decision === 'rejected' ? loaded.decision : null,
    decidedBy: loaded.decided_by,
    isForOthers: loaded.disqualifier !== null,
    hasSuccessor: loaded.has_successor,
  };
}
