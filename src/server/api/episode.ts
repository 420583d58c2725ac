import { activityKind, type Episode, type EpisodeHead } from '../../contract/api/episode.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import { printedScore } from '../../core/scoring/print.ts';
import { oneLine } from '../../core/text/safe.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import {
  type ActivityRow,
  type EpisodeRow,
  findEpisodeRow,
  listActivityRows,
  listContactEpisodeRows,
} from '../../db/decision/queue.ts';
import { listLatestRouting } from '../../db/routing/ledger.ts';
import type { App } from '../../loop/app.ts';
import { episodeStateOf } from '../../loop/decision/state.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';

/** Answers with one episode. */
export const getEpisode: Handler<'getEpisode'> = async ({ app }, { params }) => {
  const episode = await loadEpisode(app, params.id);
  if (episode === null) throw new AppError('notFound', `there is no episode ${oneLine(params.id, 60)}`);
  return episode;
};

/** How many lines of a breakdown a list shows. */
const TOP_LINES = 3;

/** The most episodes that a contact's page shows; nobody was handed over more often. */
const MAX_OF_CONTACT = 100;

/** Loads one episode as the API gives it; null when there is none of that id. */
export async function loadEpisode({ db }: Pick<App, 'db'>, id: string): Promise<Episode | null> {
  const row = isUuid(id) ? await findEpisodeRow(db, id) : null;
  if (row === null) return null;
  const [episode = null] = await withHistory(db, [row]);
  return episode;
}

/** Loads the episodes of a contact, newest first. */
export async function loadEpisodesOf(sql: Sql, contactId: string): Promise<Episode[]> {
  const rows = await listContactEpisodeRows(sql, contactId, MAX_OF_CONTACT);
  return withHistory(sql, rows);
}

/** Episodes with their frozen breakdowns, what was done for them, and what brought them where they are. */
async function withHistory(sql: Sql, rows: readonly EpisodeRow[]): Promise<Episode[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [activities, routings] = await Promise.all([listActivityRows(sql, ids), listLatestRouting(sql, ids)]);
  const whyOf = new Map(routings.map(({ episode_id: id, particulars }) => [id, reasonIn(particulars)]));
  return rows.map(row => {
    const own = activities.filter(activity => activity.episode_id === row.id);
    return toEpisode(row, { activities: own, routedWhy: whyOf.get(row.id) ?? null });
  });
}

function toEpisode(
  row: EpisodeRow,
  {
    activities,
    routedWhy,
  }: { readonly activities: readonly ActivityRow[]; readonly routedWhy: Episode['routedWhy'] },
): Episode {
  const breakdown = breakdownOf(row);
  return {
    ...headOf(row, breakdown),
    breakdown,
    agreementVersion: row.version,
    routedBecause: row.routed_because,
    routedWhy,
    activities: activities.map(({ id, kind, at, actor, note }) => ({
      id,
      kind: activityKind.catch('note').parse(kind),
      at: formatInstant(at),
      actor,
      note,
    })),
  };
}

/** An episode as lists and the queue show it. */
export function toEpisodeHead(row: EpisodeRow): EpisodeHead {
  return headOf(row, breakdownOf(row));
}

function headOf(row: EpisodeRow, breakdown: Episode['breakdown']): EpisodeHead {
  const rules = breakdown.lines.filter(line => line.rule !== null);
  return {
    id: row.id,
    contact: {
      id: row.contact_id,
      name: row.contact_name,
      title: row.contact_title,
      email: row.contact_email,
      company: row.contact_company,
    },
    state: episodeStateOf(row.state),
    path: { id: row.path, label: row.path_label },
    total: row.total,
    scores: breakdown.scores,
    grade: row.grade,
    sentence: row.sentence,
    topLines: rules.sort((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, TOP_LINES),
    qualifiedAt: formatInstant(row.qualified_at),
    handedOffAt: formatInstant(row.handed_off_at),
    owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? 'Somebody who left' },
    team: row.team,
    // The row keeps what it waited for: undoing a merge opens it again.
    waitingFor: row.ended_at === null ? row.waiting_for : null,
    due: dueOf(row),
    firstTouchAt: instantOf(row.first_touch_at),
    decidedAt: instantOf(row.decided_at),
    reason: row.reason === null ? null : { id: row.reason, label: row.reason_label ?? row.reason },
    note: row.note,
    imported: row.imported,
    flag: row.flag,
    disqualifier:
      row.disqualifier === null
        ? null
        : { id: row.disqualifier, label: row.disqualifier_label ?? row.disqualifier },
  };
}

/** What is due next at which time, epoch ms: the first touch until there was one, then the decision. */
export function dueAtOf(row: EpisodeRow): number | null {
  return row.first_touch_at === null ? row.first_touch_due_at : row.decision_due_at;
}

function dueOf(row: EpisodeRow): EpisodeHead['due'] {
  const at = row.state === 'open' ? dueAtOf(row) : null;
  if (at === null) return null;
  return { kind: row.first_touch_at === null ? 'firstTouch' : 'decision', at: formatInstant(at) };
}

/** The breakdown frozen at the handoff; an imported handoff may have none, and then shows no lines. */
function breakdownOf(row: EpisodeRow): Episode['breakdown'] {
  const stored = printedScore.safeParse(row.breakdown);
  if (stored.success && 'lines' in stored.data) return stored.data;
  return {
    id: row.contact_id,
    at: formatInstant(row.handed_off_at),
    scores: {},
    total: row.total,
    lines: [],
    grade: row.grade,
    disqualified: [],
    qualifies: row.path,
    nextChangeAt: null,
  };
}

function instantOf(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

/** Answers with an episode as it is now. */
export async function answer(app: App, id: string): Promise<Episode> {
  const episode = await loadEpisode(app, id);
  if (episode === null) throw new AppError('notFound', `there is no episode ${id}`);
  return episode;
}
