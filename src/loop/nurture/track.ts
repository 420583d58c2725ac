import type { Exit } from '../../core/contact/exit.ts';
import { entry } from '../../core/contact/journal.ts';
import { stepAfter, trackFor } from '../../core/nurture/track.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { enterNurture, leaveNurture, loadNurtureProfile } from '../../db/nurture/nurture.ts';
import type { Doing } from '../actor.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';

/** A lead that was recycled just now, by the version of its episode. */
interface Recycled {
  readonly episodeId: string;
  readonly contactId: string;
  readonly agreementId: string;
  readonly version: number;
  readonly reason: string;
}

/** Has a recycled lead enter the track that its reason names, else the first that holds; false where there is none. */
export async function enterTrack(sql: Sql, app: App, lead: Recycled, by: Doing): Promise<boolean> {
  const { episodeId, contactId, agreementId, version, reason } = lead;
  const { program } = await agreementOf(sql, app.db, { id: agreementId, version });
  const known = await loadNurtureProfile(sql, contactId);
  if (known === null) return false;
  const profile = { contact: known.contact, company: known.company };
  const track = trackFor(program.agreement, reason, { profile, createdAt: known.created_at, now: by.now });
  const first = track === null ? null : stepAfter(track, 0, by.now);
  if (track === null || first === null) return false;
  const label = track.label ?? track.id;
  const isIn = await enterNurture(sql, {
    id: app.newId(),
    episodeId,
    track: track.id,
    trackLabel: label,
    enteredAt: by.now,
    nextStepAt: first.at,
  });
  if (!isIn) return false;
  const about = { contactId, episodeId, agreementId, version, at: by.now, by: by.actor };
  await addJournal(sql, [entry('nurture_entered', { track: track.id, label }, about)]);
  return true;
}

/** Has leads leave their tracks for good, in the caller's transaction; those that left already are passed over. */
export async function leaveTracks(
  sql: Sql,
  leaving: readonly ({ readonly id: string } & Exit)[],
  by: Doing,
): Promise<readonly string[]> {
  if (leaving.length === 0) return [];
  const rows = await leaveNurture(sql, leaving, by);
  const exits = new Map(leaving.map(exit => [exit.id, exit]));
  await addJournal(
    sql,
    rows.flatMap(row => {
      const exit = exits.get(row.id);
      if (exit === undefined) return [];
      const about = {
        contactId: row.contact_id,
        episodeId: row.episode_id,
        agreementId: row.agreement_id,
        version: row.version,
        at: by.now,
        by: by.actor,
      };
      return [
        entry('nurture_left', { label: row.track_label, because: exit.because, note: exit.note }, about),
      ];
    }),
  );
  return rows.map(({ contact_id: id }) => id);
}
