import { plainAlert } from '../../core/alert/message.ts';
import { entry } from '../../core/contact/journal.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { Sql } from '../../db/database.ts';
import { saveFlags } from '../../db/handoff/flag.ts';
import { addJournal } from '../../db/journal.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { notify } from '../alert/notify.ts';
import type { App } from '../app.ts';
import { type Lead, leadPerson } from '../scoring/lead.ts';
import type { LoadedStanding } from '../scoring/standing.ts';

/** A contact as it was evaluated, and where it stood before. */
interface Watched {
  readonly lead: Lead;
  readonly standing: LoadedStanding;
  readonly active: RunningAgreement;
}

/**
 * Flags handoffs that a person works on when something disqualifies the lead meanwhile, and tells the owner; takes the flag
 * back when it no longer does. The handoff stays open: whether to go on is sales' decision.
 */
export async function watchDisqualified(sql: Sql, app: App, watched: readonly Watched[]): Promise<void> {
  const turned = watched.flatMap(({ lead, standing, active }) => {
    const { episode_id: episodeId, episode_owner_id: ownerId, episode_state: state } = standing;
    const wasSo = standing.disqualified.length > 0;
    const isSo = lead.score.disqualified.length > 0;
    if (episodeId === null || ownerId === null || state !== 'open' || wasSo === isSo) return [];
    if (standing.episode_disqualifier !== null) return [];
    return [{ lead, active, episodeId, ownerId, flag: isSo ? flagOf(lead, active) : null }];
  });
  if (turned.length === 0) return;
  await saveFlags(sql, turned);
  const flagged = turned.flatMap(({ flag, ...rest }) => (flag === null ? [] : [{ ...rest, flag }]));
  await addJournal(
    sql,
    flagged.map(({ lead: { row, now }, active: { id: agreementId, version }, episodeId, flag }) => {
      const about = { contactId: row.id, episodeId, agreementId, version, at: now, by: 'scoring' };
      return entry('kept_open', { because: flag }, about);
    }),
  );
  await notify(
    sql,
    app,
    flagged.map(({ lead: { row, now }, episodeId, ownerId, flag }) => ({
      to: [ownerId],
      at: now,
      label: 'Look at this lead again',
      payload: plainAlert({
        kind: 'flag',
        occasion: oneLine(`Look at ${row.name} again`, MAX_TITLE),
        sentence: `${flag}.`,
        episodeId,
        contactId: row.id,
        lead: leadPerson({ row }),
      }),
    })),
  );
}

/** The longest title of a message. */
const MAX_TITLE = 120;

function flagOf({ score }: Lead, { program }: RunningAgreement): string {
  const [id] = score.disqualified;
  const held = program.agreement.disqualify.find(other => other.id === id);
  return oneLine(`Disqualified since the handoff: ${held?.label ?? id ?? ''}`, MAX_TITLE);
}
