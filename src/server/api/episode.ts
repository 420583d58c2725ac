import { z } from 'zod';
import { activityOutcome } from '../../contract/api/clock.ts';
import { activityKind, type Episode, type EpisodeHead } from '../../contract/api/episode.ts';
import { rewordStored } from '../../core/explanation/behaviour.ts';
import { sinceWords } from '../../core/explanation/since.ts';
import { clockAt } from '../../core/followup/clock.ts';
import { nextDue } from '../../core/followup/due.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import { checkWork, type Remit } from '../../core/routing/remit.ts';
import { groundsWords, readGrounds } from '../../core/scoring/ground.ts';
import { printedScore, type ScoreLine, scoreLine } from '../../core/scoring/print.ts';
import { formatInstant, instantOrNull, parseInstant } from '../../core/time/instant.ts';
import { countAttempts } from '../../db/decision/clock.ts';
import {
  type EpisodeRow,
  findEpisodeRow,
  listActivityRows,
  listContactEpisodeRows,
} from '../../db/decision/queue.ts';
import { listLatestRouting } from '../../db/routing/ledger.ts';
import { loadProspects } from '../../loop/decision/prospect.ts';
import { episodeStateOf } from '../../loop/decision/state.ts';
import { mustFind } from '../../loop/error.ts';
import { calendarNameOf, type KnownClock, loadClocks } from '../../loop/handoff/clock.ts';
import { heldLead } from '../../loop/routing/remit.ts';
import { findRemit } from '../handler/actor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { loadNurture } from './nurture.ts';
import { personOrNull } from './person.ts';

/** Answers with one episode. */
export const getEpisode: Handler<'getEpisode'> = (request, { params }) => mustFindEpisode(request, params.id);

/** How many lines of a breakdown a list shows. */
const TOP_LINES = 3;

/** The most episodes that a contact's page shows; nobody was handed over more often. */
const MAX_OF_CONTACT = 100;

/** Finds one episode as the API gives it; refuses an id that names none. */
export async function mustFindEpisode(request: Request, id: string): Promise<Episode> {
  const { db } = request.app;
  const row = await mustFind({ kind: 'episode', id }, () => findEpisodeRow(db, id));
  return episodeOf(row, await loadHistory(request, [row]));
}

/** Loads the episodes of a contact, newest first. */
export async function loadEpisodesOf(request: Request, contactId: string): Promise<Episode[]> {
  const rows = await listContactEpisodeRows(request.app.db, contactId, MAX_OF_CONTACT);
  if (rows.length === 0) return [];
  const history = await loadHistory(request, rows);
  return rows.map(row => episodeOf(row, history));
}

/** Loads what was done for episodes and found out, what brought each where it is, how its clocks stand, and whose it is. */
async function loadHistory(request: Request, rows: readonly EpisodeRow[]) {
  const { db } = request.app;
  const ids = rows.map(({ id }) => id);
  const episodes = rows.map(row => ({ ...row, state: episodeStateOf(row.state) }));
  const [activities, routings, remit, clocks, attempts, prospects, nurture] = await Promise.all([
    listActivityRows(db, ids),
    listLatestRouting(db, ids),
    findRemit(request, 'acceptEpisode'),
    loadClocks(db, request.app, rows),
    countAttempts(db, ids),
    loadProspects(db, episodes),
    loadNurture(request.app, ids),
  ]);
  const whyOf = new Map(routings.map(({ episode_id: id, particulars }) => [id, reasonIn(particulars)]));
  return { activities, whyOf, remit, clocks, attempts, prospects, nurture, now: request.now };
}

/** An episode with its frozen breakdown, what was done for it and why it is where it is. */
function episodeOf(row: EpisodeRow, history: Awaited<ReturnType<typeof loadHistory>>): Episode {
  const breakdown = breakdownOf(row);
  const prospect = history.prospects.get(row.id);
  const activities = history.activities.filter(activity => activity.episode_id === row.id);
  return {
    ...headOf(row, breakdown, history),
    qualification: prospect?.qualification ?? null,
    opportunity: prospect?.opportunity ?? null,
    breakdown,
    agreementVersion: row.version,
    routedBecause: row.routed_because,
    routedWhy: history.whyOf.get(row.id) ?? null,
    clocks: (history.clocks.get(row.id) ?? []).map(clock => printClock(clock, history.now)),
    attempts: history.attempts.get(row.id) ?? 0,
    requalifyAt: row.state === 'recycled' ? instantOrNull(row.requalify_at) : null,
    wakeup: wakeupOf(row),
    nurture: history.nurture.get(row.id) ?? null,
    activities: activities.map(({ id, kind, at, actor, note, outcome, automated }) => ({
      id,
      kind: activityKind.catch('note').parse(kind),
      at: formatInstant(at),
      actor,
      note,
      outcome: activityOutcome.nullable().catch(null).parse(outcome),
      automated,
    })),
  };
}

/** A clock as the API gives it, as it stands at `now` (epoch ms). */
function printClock(clock: KnownClock, now: number): Episode['clocks'][number] {
  const { startedAt, dueAt, stoppedAt, reminders, pausedUntil, ...rest } = clockAt(clock.facts, now);
  return {
    ...rest,
    startedAt: formatInstant(startedAt),
    dueAt: formatInstant(dueAt),
    stoppedAt: instantOrNull(stoppedAt),
    calendar: calendarNameOf(clock),
    entry: clock.entry?.id ?? null,
    reminders: reminders.map(formatInstant),
    pausedUntil: instantOrNull(pausedUntil),
  };
}

function wakeupOf({ wake_at: wakeAt, woke_at: wokeAt }: EpisodeRow): Episode['wakeup'] {
  const at = wokeAt ?? wakeAt;
  return at === null ? null : { at: formatInstant(at), isDue: wokeAt !== null };
}

/** Episodes as lists and the queue show them. */
export async function toEpisodeHeads(request: Request, rows: readonly EpisodeRow[]): Promise<EpisodeHead[]> {
  const remit = await findRemit(request, 'acceptEpisode');
  return rows.map(row => headOf(row, breakdownOf(row), { remit, now: request.now }));
}

function headOf(
  row: EpisodeRow,
  breakdown: Episode['breakdown'],
  { remit, now }: { readonly remit: Remit | null; readonly now: number },
): EpisodeHead {
  const due = row.state === 'open' ? dueOf(row) : null;
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
    now: nowOf(row, breakdown),
    sentence: sentenceAt({ ...row, lines: breakdown.lines, at: row.handed_off_at }, now),
    phone: row.phone,
    source: row.source,
    campaign: row.campaign,
    content: row.content,
    topLines: rules.sort((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, TOP_LINES),
    qualifiedAt: formatInstant(row.qualified_at),
    handedOffAt: formatInstant(row.handed_off_at),
    owner: personOrNull(row.owner_id, row.owner_name),
    team: row.team,
    // The row keeps what it waited for: undoing a merge opens it again.
    waitingFor: row.ended_at === null ? row.waiting_for : null,
    due: due === null ? null : { ...due, at: formatInstant(due.at) },
    pause:
      row.paused_until === null ||
      row.pause_reason === null ||
      row.state !== 'open' ||
      row.paused_until <= now
        ? null
        : { until: formatInstant(row.paused_until), reason: row.pause_reason },
    snooze:
      row.snoozed_until === null || row.state !== 'open'
        ? null
        : { until: formatInstant(row.snoozed_until), note: row.snooze_note },
    firstTouchAt: instantOrNull(row.first_touch_at),
    decidedAt: instantOrNull(row.decided_at),
    reason: row.reason === null ? null : { id: row.reason, label: row.reason_label ?? row.reason },
    note: row.note,
    imported: row.imported,
    flag: row.flag,
    disqualifier:
      row.disqualifier === null
        ? null
        : { id: row.disqualifier, label: row.disqualifier_label ?? row.disqualifier },
    workRefused:
      remit === null ? 'Your role works no leads.' : (checkWork(leadOf(row), remit)?.message ?? null),
  };
}

/** The reason for a handoff at an instant (epoch ms) in one sentence that is true at `now`. */
export function sentenceAt(
  handoff: {
    readonly grounds: unknown;
    readonly sentence: string;
    readonly lines: readonly ScoreLine[];
    readonly at: number;
  },
  now: number,
): string {
  const wording = { kind: 'ago', at: now } as const;
  const kept = readGrounds(handoff.grounds);
  if (kept !== null) return groundsWords(kept, wording);
  const lines = handoff.lines.map(({ label, count = null, lastAt }) => ({
    label,
    count,
    lastAt: lastAt === undefined ? null : parseInstant(lastAt),
  }));
  return rewordStored(handoff.sentence, { lines, at: handoff.at }, wording);
}

const keptScores = z.record(z.string(), z.number()).catch({});
const keptLines = z.array(scoreLine).nullable().catch(null);

/** The score as it is now, and why it is another one than at the handoff. */
function nowOf(row: EpisodeRow, breakdown: Episode['breakdown']): EpisodeHead['now'] {
  const { now_total: total, now_grade: grade } = row;
  if (row.state !== 'open' || total === null) return null;
  const then = {
    total: row.total,
    grade: row.grade,
    version: row.version,
    lines: breakdown.lines,
    at: row.handed_off_at,
  };
  const lines = keptLines.parse(row.now_lines);
  const because = sinceWords(then, { total, grade, version: row.now_version ?? row.version, lines });
  const scores = keptScores.parse(row.now_scores);
  return { total, grade, scores, because: because === '' ? null : because };
}

function leadOf({ owner_id, owner_name, team_name: team }: EpisodeRow) {
  return heldLead({ owner_id, owner_name, team });
}

/** Returns what is due next on an episode, if it is still open; the instant in epoch ms. */
export function dueOf(row: EpisodeRow): ReturnType<typeof nextDue> {
  return nextDue({
    firstTouchAt: row.first_touch_at,
    firstTouchDueAt: row.first_touch_due_at,
    decisionDueAt: row.decision_due_at,
  });
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
