import { randomUUID } from 'node:crypto';
import { sentenceOf, topLines } from '../core/explain.ts';
import { type Assignment, dueTimes, pathLabel, type Rep, type RoutingTeam, route } from '../core/handoff.ts';
import { type AlertPayload, type Effect, lineOf, subjectOf } from '../core/message.ts';
import { printScore } from '../core/print.ts';
import type { Breakdown, Profile, Subject } from '../core/score.ts';
import type { Sql } from '../db/database.ts';
import {
  addAlerts,
  addEpisodes,
  addTasks,
  countOpenLeads,
  loadCompanyOwners,
  loadMembers,
  loadReps,
  type NewAlert,
  type NewEpisode,
  type NewTask,
  savePasses,
} from '../db/handoff.ts';
import { addJournal, type JournalEntry } from '../db/journal.ts';
import type { ContactRow } from '../db/live.ts';
import { enqueueAll } from '../db/outbox.ts';
import type { App } from './app.ts';
import { instantOrNull } from './fold.ts';
import type { RunningAgreement } from './program.ts';

/** A contact that qualifies and has no open episode. Times in epoch ms. */
export interface Candidate {
  readonly active: RunningAgreement;
  readonly row: ContactRow;
  readonly source: string | null;
  readonly profile: Profile;
  readonly subject: Subject;
  readonly score: Breakdown;
  readonly nextChangeAt: number | null;
  readonly path: string;
  readonly qualifiedAt: number;
  /** When it is handed over. */
  readonly now: number;
}

/** What was given out: to whom, so that browsers can be told after the commit. */
export interface Given {
  readonly contactId: string;
  readonly agreementId: string;
  readonly episodeId: string;
  readonly ownerId: string | null;
  readonly qualifiedAt: number;
  readonly handedOffAt: number;
}

/**
 * Hands leads over: opens one episode each with the frozen breakdown and the reason, picks the owner, makes the task and
 * promises the alerts, all in the caller's transaction.
 */
export async function giveOut(
  sql: Sql,
  app: App,
  candidates: readonly Candidate[],
): Promise<readonly Given[]> {
  if (candidates.length === 0) return [];
  const staff = await loadStaff(sql, candidates);
  const prepared = [...candidates].sort((a, b) => a.now - b.now).map(candidate => prepare(candidate, staff));
  const opened = await addEpisodes(sql, prepared.map(episodeOf));
  const handoffs = prepared.filter(({ episodeId }) => opened.has(episodeId));
  const promises = handoffs.map(handoff => promiseOf(handoff, staff));
  await addTasks(sql, handoffs.map(taskOf));
  await addAlerts(sql, promises.flatMap(alertsOf));
  await savePasses(sql, staff.passes());
  await addJournal(sql, handoffs.map(entryOf));
  await enqueueAll(
    sql,
    promises.flatMap(promise => effectsOf(app, promise)),
  );
  return handoffs.map(({ candidate, episodeId, assignment }) => ({
    contactId: candidate.row.id,
    agreementId: candidate.active.id,
    episodeId,
    ownerId: assignment.owner?.id ?? null,
    qualifiedAt: candidate.qualifiedAt,
    handedOffAt: candidate.now,
  }));
}

/** A handoff as it was decided, before anything of it is stored. */
interface Handoff {
  readonly candidate: Candidate;
  readonly episodeId: string;
  readonly assignment: Assignment;
  readonly due: ReturnType<typeof dueTimes>;
  readonly label: string;
  readonly sentence: string;
}

function prepare(candidate: Candidate, staff: StaffBook): Handoff {
  const { active, row, now: at, score, subject, profile } = candidate;
  const lead = { subject, score, at };
  const assignment = route(active.desk, lead, {
    reps: staff.reps,
    teams: staff.teams(),
    companyOwner: staff.companyOwner(row.companyId),
  });
  staff.note(assignment, row.companyId);
  const label = pathLabel(active.program.agreement, candidate.path);
  return {
    candidate,
    episodeId: randomUUID(),
    assignment,
    due: dueTimes(active.desk, lead),
    label,
    sentence: sentenceOf({ agreement: active.program.agreement, profile, score, at, events: null }),
  };
}

function episodeOf({ candidate, episodeId, assignment, due, label, sentence }: Handoff): NewEpisode {
  const { active, row, score, now: at, nextChangeAt } = candidate;
  return {
    id: episodeId,
    contactId: row.id,
    agreementId: active.id,
    version: active.version,
    path: candidate.path,
    pathLabel: label,
    total: score.total,
    grade: score.grade,
    sentence,
    breakdown: printScore({ id: row.id, at, score, nextChangeAt }),
    qualifiedAt: candidate.qualifiedAt,
    handedOffAt: at,
    ownerId: assignment.owner?.id ?? null,
    team: assignment.team,
    waitingFor: assignment.waitingFor,
    routedBecause: assignment.because,
    source: candidate.source,
    firstTouchDueAt: due?.firstTouchDueAt ?? null,
    decisionDueAt: due?.decisionDueAt ?? null,
  };
}

function taskOf({ candidate, episodeId, assignment, due }: Handoff): NewTask {
  return {
    id: randomUUID(),
    episodeId,
    ownerId: assignment.owner?.id ?? null,
    title: `First touch: ${candidate.row.name}`,
    dueAt: due?.firstTouchDueAt ?? null,
  };
}

function entryOf({ candidate, episodeId, assignment, label, sentence }: Handoff): JournalEntry {
  const { active, row, now, path, score, qualifiedAt } = candidate;
  return {
    kind: 'handoff',
    contactId: row.id,
    episodeId,
    agreementId: active.id,
    version: active.version,
    at: now,
    recordedAt: now,
    actor: 'routing',
    particulars: {
      path,
      pathLabel: label,
      sentence,
      total: score.total,
      owner: assignment.owner?.name ?? null,
      team: assignment.team,
      waitingFor: assignment.waitingFor,
      because: assignment.because,
      qualifiedAt: instantOrNull(qualifiedAt),
    },
  };
}

/** Who is told of a handoff, and what. */
interface AlertPromise {
  readonly payload: Omit<AlertPayload, 'alertId'> & { readonly episodeId: string };
  readonly to: readonly { readonly id: string; readonly rep: Rep }[];
  readonly at: number;
}

function promiseOf(handoff: Handoff, staff: StaffBook): AlertPromise {
  const { candidate, episodeId, assignment, due, label, sentence } = handoff;
  const { row, score } = candidate;
  const recipients = assignment.owner !== null ? [assignment.owner] : staff.watchers(assignment.team);
  return {
    to: recipients.map(rep => ({ id: randomUUID(), rep })),
    at: candidate.now,
    payload: {
      kind: assignment.owner === null ? 'waiting' : 'handoff',
      episodeId,
      contactId: row.id,
      lead: { name: row.name, title: row.title, company: row.companyName, email: row.email },
      sentence,
      lines: topLines(score.lines).map(line => ({
        label: line.label,
        points: line.points,
        ...(line.count === null ? {} : { count: line.count }),
      })),
      total: score.total,
      grade: score.grade,
      pathLabel: label,
      ownerName: assignment.owner?.name ?? null,
      dueAt: due?.firstTouchDueAt ?? null,
      dueKind: due === null ? null : 'firstTouch',
      source: candidate.source,
    },
  };
}

function alertsOf({ payload, to, at }: AlertPromise): readonly NewAlert[] {
  const label = payload.kind === 'waiting' ? 'A lead waits for an owner' : 'New lead';
  const text = lineOf({ ...payload, alertId: null });
  const { contactId, episodeId } = payload;
  return to.map(({ id, rep }) => ({ id, userId: rep.id, at, label, text, contactId, episodeId }));
}

/** The messages to send: in the app, and by mail and to Slack where these are set up. */
function effectsOf(app: App, { payload, to, at }: AlertPromise): readonly Effect[] {
  const effect = (channel: Effect['channel'], recipient: string, alertId: string | null): Effect => {
    const full = { ...payload, alertId };
    return {
      id: randomUUID(),
      channel,
      recipient,
      subject: subjectOf(full),
      payload: full,
      createdAt: at,
      nextAttemptAt: at,
    };
  };
  const { SMTP_URL, SLACK_WEBHOOK_URL } = app.settings;
  return [
    ...to.map(({ id, rep }) => effect('in_app', rep.id, id)),
    ...(SMTP_URL === undefined ? [] : to.map(({ id, rep }) => effect('email', rep.email, id))),
    ...(SLACK_WEBHOOK_URL === undefined ? [] : [effect('slack', 'slack', null)]),
  ];
}

type StaffBook = Awaited<ReturnType<typeof loadStaff>>;

async function loadStaff(sql: Sql, candidates: readonly Candidate[]) {
  const people = await loadReps(sql);
  const reps: readonly Rep[] = people.map(({ id, name, email }) => ({ id, name, email }));
  const members = (await loadMembers(sql)).map(row => ({ ...row }));
  const companyIds = [...new Set(candidates.flatMap(({ row }) => row.companyId ?? []))];
  const owners = new Map(
    (await loadCompanyOwners(sql, companyIds)).map(row => [row.company_id, row.owner_id]),
  );
  const open = new Map((await countOpenLeads(sql)).map(row => [row.owner_id, row.open]));
  const repOf = (id: string | undefined) => reps.find(rep => rep.id === id) ?? null;
  const changed = new Map<string, { team: string; userId: string; pass: number }>();
  return {
    reps,
    companyOwner: (companyId: string | null) => (companyId === null ? null : repOf(owners.get(companyId))),
    teams: (): readonly RoutingTeam[] =>
      [...new Set(members.map(({ team }) => team))].map(name => ({
        name,
        members: members.flatMap(member => {
          const rep = member.team === name ? repOf(member.user_id) : null;
          const pass = changed.get(`${name}\u0000${member.user_id}`)?.pass ?? member.pass;
          return rep === null ? [] : [{ rep, weight: member.weight, pass, open: open.get(rep.id) ?? 0 }];
        }),
      })),
    /** Remembers who got a lead of a company, for those that come with it. */
    note: ({ owner, pass }: Assignment, companyId: string | null) => {
      if (pass !== null) changed.set(`${pass.team}\u0000${pass.userId}`, pass);
      if (owner !== null && companyId !== null) owners.set(companyId, owner.id);
    },
    addOpen: (id: string) => {
      open.set(id, (open.get(id) ?? 0) + 1);
    },
    passes: () => [...changed.values()],
    /** Who is told of a lead that nobody owns: the queue's team, else managers and admins. */
    watchers: (team: string | null): readonly Rep[] => {
      const ofTeam = members
        .filter(member => member.team === team)
        .flatMap(member => repOf(member.user_id) ?? []);
      if (ofTeam.length > 0) return ofTeam;
      return people
        .filter(({ role }) => role === 'admin' || role === 'manager')
        .flatMap(({ id }) => repOf(id) ?? []);
    },
  };
}
