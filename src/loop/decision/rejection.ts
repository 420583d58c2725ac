import { reject } from '../../core/decision/rejection.ts';
import type { Sql } from '../../db/database.ts';
import { countTouches, saveDecisionMerge } from '../../db/decision/episode.ts';
import { lockBoth } from '../../db/duplicate/unmerge.ts';
import { loadContactsOf } from '../../db/handoff/waiting.ts';
import type { Doing } from '../actor.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { joinInto } from '../duplicate/review.ts';
import { refusalOf } from '../error.ts';
import { enterTrack } from '../nurture/track.ts';
import type { HandoffResult } from '../scoring/lead.ts';
import { decide } from './decision.ts';

/** What a rep says with a no; `until` in epoch ms, `mergeWith` the contact that is the same person. */
interface Said {
  readonly reason: string | null;
  readonly note: string | null;
  readonly until?: number | null;
  readonly mergeWith?: string | null;
}

/**
 * Rejects an episode with a reason of its agreement, and does what the reason says: the lead enters a track, is joined with
 * the contact that it doubles, or goes to a team. Returns that team's handoff, if there is one; refusals are thrown as
 * AppErrors.
 */
export function rejectLead(app: App, id: string, said: Said, by: Doing): Promise<readonly HandoffResult[]> {
  const { until = null, mergeWith = null, ...rest } = said;
  return decide(app, id, by, {
    kind: 'rejected',
    before: async sql => {
      if (mergeWith !== null) await lockDouble(sql, id, mergeWith);
    },
    run: async (episode, { agreement_id: agreementId, version, id: episodeId, owner_name: owner }, sql) => {
      const { program } = await agreementOf(sql, app.db, { id: agreementId, version });
      const touches = await countTouches(sql, episodeId, owner);
      return reject(episode, program.agreement, {
        ...rest,
        until,
        hasDouble: mergeWith !== null,
        owner,
        touches,
        now: by.now,
      });
    },
    after: async (sql, loaded, result) => {
      const { id: episodeId, contact_id: contactId, agreement_id: agreementId, version } = loaded;
      if (result.isMerged === true && mergeWith !== null) {
        const { mergeId } = await joinInto(sql, app, { from: contactId, into: mergeWith.toLowerCase() }, by);
        await saveDecisionMerge(sql, episodeId, mergeId);
        return [mergeWith.toLowerCase()];
      }
      if (result.state === 'recycled' && result.reason !== null)
        await enterTrack(sql, app, { episodeId, contactId, agreementId, version, reason: result.reason }, by);
      return [];
    },
  });
}

/** Locks the lead's contact and the one that it doubles, ascending as everybody does; refused where there is no such other. */
async function lockDouble(sql: Sql, episodeId: string, mergeWith: string): Promise<void> {
  const other = mergeWith.toLowerCase();
  const [contactId] = await loadContactsOf(sql, [episodeId]);
  if (contactId === undefined) return;
  const wrong = (message: string) => refusalOf('invalid', [{ path: 'mergeWith', message }]);
  if (contactId === other) throw wrong('expected another contact than the lead itself');
  const row = (await lockBoth(sql, [contactId, other])).find(({ id }) => id === other);
  if (row === undefined) throw wrong(`there is no contact ${other}`);
  if (row.merged_into !== null)
    throw wrong('that contact was joined with another one; choose the one that stayed');
}
