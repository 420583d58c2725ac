import { entry } from '../../core/contact/journal.ts';
import {
  allowanceAfter,
  checkRemoval,
  type MemberStep,
  stepsBetween,
} from '../../core/routing/membership.ts';
import { type RoutingReason, reasonWords } from '../../core/routing/reason.ts';
import { checkJoining, checkTeam } from '../../core/routing/remit.ts';
import { stepRota } from '../../core/routing/rota.ts';
import { type NamedTeams, teamsNamed } from '../../core/routing/teams.ts';
import { ALWAYS, type Schedule } from '../../core/worktime/schedule.ts';
import type { Sql } from '../../db/database.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { addLedger, type LedgerLine } from '../../db/routing/ledger.ts';
import { loadMembers, loadPeople, loadTeams } from '../../db/routing/staff.ts';
import {
  addTeamRow,
  countWaiting,
  deleteTeamRow,
  type MemberToSave,
  saveMemberRows,
  saveTeamRow,
} from '../../db/routing/team.ts';
import type { Doing } from '../actor.ts';
import { activeAgreements } from '../agreement/active.ts';
import { type App, announceQueue } from '../app.ts';
import { AppError, allowed, notFound, refusalOf } from '../error.ts';
import { loadRemit } from './remit.ts';
import { allowanceOf, rotaOfRows, scheduleOf } from './staff.ts';
import { findUnknownInTeam } from './unknown.ts';

/** A team as somebody wants it; what is left out of it or of a member stays as it was. */
interface WantedTeam {
  readonly name: string;
  readonly label: string;
  readonly managerId?: string | null | undefined;
  readonly slackChannel?: string | null | undefined;
  readonly members: readonly WantedMember[];
}

interface WantedMember {
  readonly userId: string;
  readonly weight?: number | undefined;
  readonly capacity?:
    | { readonly open?: number | null | undefined; readonly perDay?: number | null | undefined }
    | undefined;
}

/**
 * Makes or changes a team and writes down what that does to its turns: who joins starts level, who stays keeps their
 * place. A member named twice, one who is new and may not own leads, or a manager who may not, is refused. So is a manager
 * who changes the team of another, or takes people from it.
 */
export async function changeTeam(app: App, wanted: WantedTeam, by: Doing): Promise<void> {
  await app.db.transaction(sql => writeTeam(sql, wanted, by));
  announceQueue(app.hub);
}

/** Takes a team away; refused as a change is, and while an active agreement names it or leads wait in its queue. */
export async function dropTeam(app: App, name: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const team = (await loadTeams(sql, true)).find(other => other.name === name);
    if (team === undefined) throw notFound({ kind: 'team', id: name });
    await writeTeam(sql, { name, label: team.label, members: [] }, by);
    const isNamed = (await loadNamedTeams(sql, app)).all.has(name);
    const waiting = (await countWaiting(sql)).get(name) ?? 0;
    allowed(checkRemoval({ name, isNamed, waiting }));
    await deleteTeamRow(sql, name);
  });
}

/** Loads the names of the teams that the active agreements name. */
export async function loadNamedTeams(sql: Sql, app: App): Promise<NamedTeams> {
  const named = (await activeAgreements(sql, app.db)).map(({ program }) => teamsNamed(program.agreement));
  return {
    given: new Set(named.flatMap(({ given }) => [...given])),
    all: new Set(named.flatMap(({ all }) => [...all])),
  };
}

async function writeTeam(sql: Sql, wanted: WantedTeam, by: Doing): Promise<void> {
  const { name } = wanted;
  await addTeamRow(sql, wanted);
  const team = (await loadTeams(sql, true)).find(other => other.name === name);
  if (team === undefined) throw new AppError('broken', 'The team was not saved.');
  const remit = await loadRemit(sql, by);
  for (const led of remit.teams) if (led.name === name) allowed(checkTeam(led, remit));
  const rows = (await loadMembers(sql)).filter(row => row.team === name);
  const strangers = await findUnknownInTeam(sql, wanted, new Set(rows.map(({ user_id }) => user_id)));
  if (strangers.length > 0) throw refusalOf('invalid', strangers);
  const before = rotaOfRows(team.turn, rows);
  const steps = stepsBetween(before, wanted.members);
  const rota = steps.reduce(stepRota, before);
  const people = new Map((await loadPeople(sql, by.now)).map(row => [row.id, row]));
  for (const { kind, userId: id } of steps) {
    if (kind === 'joined') allowed(checkJoining({ id, name: people.get(id)?.name ?? id }, remit));
  }
  const members = wanted.members.map((member): MemberToSave => {
    const { userId, capacity } = member;
    const row = rows.find(({ user_id }) => user_id === userId);
    const place = rota.places.find(other => other.userId === userId);
    const perDay = capacity?.perDay === undefined ? (row?.capacity_day ?? null) : capacity.perDay;
    const kept = allowanceAfter(
      {
        before: row?.capacity_day ?? null,
        perDay,
        kept: row === undefined ? null : allowanceOf(row),
        schedule: workOf(people.get(userId)),
      },
      by.now,
    );
    return {
      userId,
      weight: place?.weight ?? 1,
      pass: place?.pass ?? rota.turn,
      mostOpen: capacity?.open === undefined ? (row?.capacity_open ?? null) : capacity.open,
      perDay,
      tokens: kept?.tokens ?? null,
      tokensDay: kept?.day ?? null,
    };
  });
  const managerId = wanted.managerId === undefined ? team.manager_id : wanted.managerId;
  const slackChannel = wanted.slackChannel === undefined ? team.slack_channel : wanted.slackChannel;
  await saveTeamRow(sql, { name, label: wanted.label, managerId, slackChannel, turn: rota.turn });
  await saveMemberRows(sql, name, members);
  await retryWaiting(sql, by.now);
  await addLedger(
    sql,
    steps.map(step => lineOf(step, name, by)),
  );
  await addJournal(sql, [
    entry(
      'team_changed',
      { team: name, label: wanted.label, managerId, slackChannel, members },
      { at: by.now, by: by.actor },
    ),
  ]);
}

function workOf(row: Awaited<ReturnType<typeof loadPeople>>[number] | undefined): Schedule {
  return row === undefined ? ALWAYS : (scheduleOf(row) ?? ALWAYS);
}

function lineOf(step: MemberStep, team: string, by: Doing): LedgerLine {
  const why: RoutingReason = { kind: step.kind };
  return {
    at: by.now,
    kind: step.kind,
    team,
    userId: step.userId,
    episodeId: null,
    contactId: null,
    agreementId: null,
    entry: null,
    because: reasonWords(why, 'full'),
    particulars: step.kind === 'left' ? { why } : { weight: step.weight, why },
    actor: by.actor,
  };
}
