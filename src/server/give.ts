import { randomUUID } from 'node:crypto';
import {
  dueTimes,
  heaviest,
  pathLabel,
  type Rep,
  type RoutingTeam,
  route,
  whySentence,
} from '../core/handoff.ts';
import { type AlertPayload, type Effect, lineOf, subjectOf } from '../core/message.ts';
import { printScore } from '../core/print.ts';
import type { Breakdown, Subject } from '../core/score.ts';
import type { Sql } from '../db/database.ts';
import {
  addAlerts,
  addEpisode,
  addTask,
  loadCompanyOwners,
  loadMembers,
  loadReps,
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
  const given: Given[] = [];
  const journal: JournalEntry[] = [];
  const effects: Effect[] = [];
  for (const candidate of [...candidates].sort((a, b) => a.now - b.now)) {
    const { active, row, now } = candidate;
    const lead = { subject: candidate.subject, score: candidate.score, at: now };
    const assignment = route(active.desk, lead, {
      reps: staff.reps,
      teams: staff.teams(),
      companyOwner: staff.companyOwner(row.companyId),
    });
    const due = dueTimes(active.desk, lead);
    const label = pathLabel(active.program.agreement, candidate.path);
    const sentence = whySentence(label, candidate.score.lines);
    const episodeId = randomUUID();
    const isNew = await addEpisode(sql, {
      id: episodeId,
      contactId: row.id,
      agreementId: active.id,
      version: active.version,
      path: candidate.path,
      pathLabel: label,
      total: candidate.score.total,
      grade: candidate.score.grade,
      sentence,
      breakdown: printScore({
        id: row.id,
        at: now,
        score: candidate.score,
        nextChangeAt: candidate.nextChangeAt,
      }),
      qualifiedAt: candidate.qualifiedAt,
      handedOffAt: now,
      ownerId: assignment.owner?.id ?? null,
      team: assignment.team,
      waitingFor: assignment.waitingFor,
      routedBecause: assignment.because,
      source: candidate.source,
      firstTouchDueAt: due?.firstTouchDueAt ?? null,
      decisionDueAt: due?.decisionDueAt ?? null,
    });
    if (!isNew) continue;
    if (assignment.pass !== null) staff.setPass(assignment.pass);
    await addTask(sql, {
      id: randomUUID(),
      episodeId,
      ownerId: assignment.owner?.id ?? null,
      title: `First touch: ${row.name}`,
      dueAt: due?.firstTouchDueAt ?? null,
    });
    journal.push({
      kind: 'handoff',
      contactId: row.id,
      episodeId,
      agreementId: active.id,
      version: active.version,
      at: now,
      recordedAt: now,
      actor: 'routing',
      particulars: {
        path: candidate.path,
        pathLabel: label,
        sentence,
        total: candidate.score.total,
        owner: assignment.owner?.name ?? null,
        team: assignment.team,
        waitingFor: assignment.waitingFor,
        because: assignment.because,
        qualifiedAt: instantOrNull(candidate.qualifiedAt),
      },
    });
    const recipients = assignment.owner !== null ? [assignment.owner] : staff.watchers(assignment.team);
    const payload: Omit<AlertPayload, 'alertId'> = {
      kind: assignment.owner === null ? 'waiting' : 'handoff',
      episodeId,
      contactId: row.id,
      lead: { name: row.name, title: row.title, company: row.companyName, email: row.email },
      sentence,
      lines: heaviest(candidate.score.lines, 5).map(line => ({
        label: line.label,
        points: line.points,
        ...(line.count === null ? {} : { count: line.count }),
      })),
      total: candidate.score.total,
      grade: candidate.score.grade,
      pathLabel: label,
      ownerName: assignment.owner?.name ?? null,
      dueAt: due?.firstTouchDueAt ?? null,
      dueKind: due === null ? null : 'firstTouch',
      source: candidate.source,
    };
    effects.push(...(await promiseAlerts(sql, app, { payload, recipients, now })));
    given.push({
      contactId: row.id,
      agreementId: active.id,
      episodeId,
      ownerId: assignment.owner?.id ?? null,
      qualifiedAt: candidate.qualifiedAt,
      handedOffAt: now,
    });
  }
  await savePasses(sql, staff.passes());
  await addJournal(sql, journal);
  await enqueueAll(sql, effects);
  return given;
}

/** Writes the in-app alerts and returns the messages to send: in the app, by mail and to Slack where set up. */
async function promiseAlerts(
  sql: Sql,
  app: App,
  promise: {
    readonly payload: Omit<AlertPayload, 'alertId'>;
    readonly recipients: readonly Rep[];
    readonly now: number;
  },
): Promise<readonly Effect[]> {
  const { payload, recipients, now } = promise;
  const alerts = recipients.map(rep => ({ id: randomUUID(), userId: rep.id, rep }));
  const label = payload.kind === 'waiting' ? 'A lead waits for an owner' : 'New lead';
  const text = lineOf({ ...payload, alertId: null });
  const { contactId, episodeId } = payload;
  if (episodeId !== null) await addAlerts(sql, alerts, { at: now, label, text, contactId, episodeId });
  const effect = (channel: Effect['channel'], recipient: string, alertId: string | null): Effect => {
    const full = { ...payload, alertId };
    return {
      id: randomUUID(),
      channel,
      recipient,
      subject: subjectOf(full),
      payload: full,
      createdAt: now,
      nextAttemptAt: now,
    };
  };
  const { SMTP_URL, SLACK_WEBHOOK_URL } = app.settings;
  return [
    ...alerts.map(({ id, userId }) => effect('in_app', userId, id)),
    ...(SMTP_URL === undefined ? [] : alerts.map(({ id, rep }) => effect('email', rep.email, id))),
    ...(SLACK_WEBHOOK_URL === undefined ? [] : [effect('slack', 'slack', null)]),
  ];
}

async function loadStaff(sql: Sql, candidates: readonly Candidate[]) {
  const people = await loadReps(sql);
  const reps: readonly Rep[] = people.map(({ id, name, email }) => ({ id, name, email }));
  const members = (await loadMembers(sql)).map(row => ({ ...row }));
  const companyIds = [...new Set(candidates.flatMap(({ row }) => row.companyId ?? []))];
  const owners = new Map(
    (await loadCompanyOwners(sql, companyIds)).map(row => [row.company_id, row.owner_id]),
  );
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
          return rep === null ? [] : [{ rep, weight: member.weight, pass }];
        }),
      })),
    setPass: (pass: { readonly team: string; readonly userId: string; readonly pass: number }) => {
      changed.set(`${pass.team}\u0000${pass.userId}`, pass);
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
