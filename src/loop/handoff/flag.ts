import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { oneLine } from '../../core/text/safe.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { loadOpenHandoffs, type OpenHandoff, saveFlags } from '../../db/handoff/flag.ts';
import { addJournal } from '../../db/journal.ts';
import { findAgreement } from '../agreement/active.ts';
import { type Notice, notify } from '../alert/notify.ts';
import type { App } from '../app.ts';
import { loadPasts, standingOf } from '../scoring/past.ts';

/** The longest flag: what fits on a card of the queue. */
const MAX_FLAG = 240;

/** What was classed anew, in words, and by whom. */
interface Reclassing {
  readonly because: string;
  readonly actor: string;
}

/** Open handoffs before something about their leads was classed anew. */
interface Watch {
  /**
   * To be called once the leads are evaluated anew: handoffs that rested on what was classed are flagged to their owner
   * and stay open; flags that hold no more are taken back.
   */
  readonly tell: (what: Reclassing) => Promise<void>;
}

/**
 * Remembers how the open handoffs of contacts stood. What is recorded from `now` (epoch ms) on counts as new.
 */
export async function watchHandoffs(
  sql: Sql,
  app: App,
  contactIds: readonly string[],
  now: number,
): Promise<Watch> {
  const before = contactIds.length === 0 ? [] : await loadOpenHandoffs(sql, contactIds);
  if (before.length === 0) return { tell: async () => {} };
  const qualified = new Set(before.flatMap(row => (row.qualifies === null ? [] : [row.episode_id])));
  const known = new Set(before.map(row => row.episode_id));
  return {
    tell: async what => {
      const after = (await loadOpenHandoffs(sql, contactIds)).filter(row => known.has(row.episode_id));
      const stands = await standAtHandoff(sql, app, after, LAST_INSTANT);
      const lost = after.filter(row => row.qualifies === null && !stands.has(row.episode_id));
      const stood = await standAtHandoff(
        sql,
        app,
        lost.filter(row => !qualified.has(row.episode_id)),
        now - 1,
      );
      const rested = lost.filter(row => qualified.has(row.episode_id) || stood.has(row.episode_id));
      const left = after.filter(
        row => (row.qualifies === null && qualified.has(row.episode_id)) || rested.includes(row),
      );
      const flagged = rested.filter(row => row.state === 'open');
      const healed = after.filter(
        row => row.flag !== null && (row.qualifies !== null || stands.has(row.episode_id)),
      );
      await addJournal(
        sql,
        left.map(row => keptEntry(row, what, now)),
      );
      const flag = flagOf(what);
      await saveFlags(sql, [
        ...flagged.map(row => ({ episodeId: row.episode_id, flag })),
        ...healed.map(row => ({ episodeId: row.episode_id, flag: null })),
      ]);
      await notify(
        sql,
        app,
        flagged.flatMap(row => (row.owner_id === null ? [] : [noticeOf(row, row.owner_id, { flag, now })])),
      );
    },
  };
}

/** Which of these handoffs would have been made by what was known at `knownAt`, epoch ms. */
async function standAtHandoff(
  sql: Sql,
  app: App,
  rows: readonly OpenHandoff[],
  knownAt: number,
): Promise<ReadonlySet<string>> {
  const standing = new Set<string>();
  const versions = new Map(rows.map(row => [`${row.agreement_id} ${row.episode_version}`, row]));
  for (const { agreement_id: id, episode_version: version } of versions.values()) {
    const running = await findAgreement(sql, app.db, { id, version });
    if (running === null) continue;
    const own = rows.filter(row => row.agreement_id === id && row.episode_version === version);
    const asked = { program: running.program, knownAt };
    const pasts = await loadPasts(sql, [...new Set(own.map(row => row.contact_id))], asked);
    for (const row of own) {
      const past = pasts.get(row.contact_id);
      if (past === undefined) continue;
      const { score } = standingOf(running.program, past, row.handed_off_at);
      if (score.applies && score.qualifies !== null) standing.add(row.episode_id);
    }
  }
  return standing;
}

function flagOf({ because }: Reclassing): string {
  return oneLine(`${because}; without that the lead would not have been handed over`, MAX_FLAG);
}

function keptEntry(row: OpenHandoff, { because, actor }: Reclassing, now: number): JournalEntry {
  return entry(
    'kept_open',
    { because },
    {
      contactId: row.contact_id,
      episodeId: row.episode_id,
      agreementId: row.agreement_id,
      version: row.version,
      at: now,
      by: actor,
    },
  );
}

function noticeOf(
  row: OpenHandoff,
  ownerId: string,
  { flag, now }: { readonly flag: string; readonly now: number },
): Notice {
  const { name, title, company_name: company, email } = row;
  return {
    to: [ownerId],
    at: now,
    label: 'Look at this lead again',
    payload: {
      kind: 'flag',
      episodeId: row.episode_id,
      contactId: row.contact_id,
      lead: { name, title, company, email },
      sentence: `${flag}.`,
      lines: [],
      total: row.total,
      grade: row.grade,
      pathLabel: row.path_label,
      ownerName: row.owner_name,
      dueAt: null,
      dueKind: null,
      source: row.source,
    },
  };
}
