import { z } from 'zod';
import {
  activityKind,
  type Episode,
  type EpisodeHead,
  episodeState,
  printedScore,
} from '../contract/shapes.ts';
import { oneLine } from '../core/text/safe.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { Sql } from '../db/database.ts';
import {
  type ActivityRow,
  countQueue,
  type EpisodeRow,
  findEpisodeRow,
  listActivityRows,
  listContactEpisodeRows,
  listEpisodeRows,
  listQueueRows,
} from '../db/decision/queue.ts';
import type { App, Caller, Handler } from './app.ts';
import { AppError } from './apperror.ts';
import { cursorInstant, cursorUuid, readCursor, splitPage, writeCursor } from './cursor.ts';
import { readInstant } from './instant.ts';

const queuePosition = z.object({ due: cursorInstant.nullable(), id: cursorUuid });

/** Lists open episodes, what is due first on top; the counts are those of the whole queue, whatever part is asked for. */
export const listQueue: Handler<'listQueue'> = async ({ app, caller, now }, { query }) => {
  const after = readCursor(query.cursor, queuePosition);
  const [rows, counts] = await Promise.all([
    listQueueRows(app.db, {
      ownerId: ownerIdOf(query.owner, caller),
      unownedOnly: query.owner === 'none',
      after,
      limit: query.limit + 1,
    }),
    countQueue(app.db, { userId: caller?.id ?? null, now }),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(toEpisodeHead),
    nextCursor: last === null ? null : writeCursor({ due: dueAtOf(last), id: last.id }),
    counts,
  };
};

/** Whom `owner` means: an API key owns nothing, so that its `me` is nobody. */
function ownerIdOf(owner: string | undefined, caller: Caller | null): string | null {
  if (owner === undefined || owner === 'none') return null;
  return owner === 'me' ? (caller?.id ?? '') : owner;
}

const episodePosition = z.object({ at: cursorInstant, id: cursorUuid });

/** Lists the episodes behind a figure of a report: handed off from `from` up to, not including, `to`. */
export const listEpisodes: Handler<'listEpisodes'> = async ({ app }, { query }) => {
  const after = readCursor(query.cursor, episodePosition);
  const rows = await listEpisodeRows(app.db, {
    range: { from: readInstant(query, 'from'), to: readInstant(query, 'to') },
    outcome: query.outcome ?? null,
    state: query.state ?? null,
    after,
    limit: query.limit + 1,
  });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(toEpisodeHead),
    nextCursor: last === null ? null : writeCursor({ at: last.handed_off_at, id: last.id }),
  };
};

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
  const row = cursorUuid.safeParse(id).success ? await findEpisodeRow(db, id) : null;
  if (row === null) return null;
  return toEpisode(row, await listActivityRows(db, [row.id]));
}

/** Loads the episodes of a contact, newest first. */
export async function loadEpisodesOf(sql: Sql, contactId: string): Promise<Episode[]> {
  const rows = await listContactEpisodeRows(sql, contactId, MAX_OF_CONTACT);
  if (rows.length === 0) return [];
  const activities = await listActivityRows(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.map(row =>
    toEpisode(
      row,
      activities.filter(activity => activity.episode_id === row.id),
    ),
  );
}

/** An episode with its frozen breakdown and what was done for it. */
export function toEpisode(row: EpisodeRow, activities: readonly ActivityRow[]): Episode {
  const breakdown = breakdownOf(row);
  return {
    ...headOf(row, breakdown),
    breakdown,
    agreementVersion: row.version,
    routedBecause: row.routed_because,
    activities: activities.map(({ id, kind, at, actor, note }) => ({
      id,
      kind: activityKind.catch('note').parse(kind),
      at: formatInstant(at),
      actor,
      note,
    })),
  };
}

/** The state that a row names; the database allows no other. */
export function episodeStateOf(state: string): EpisodeHead['state'] {
  return episodeState.parse(state);
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
