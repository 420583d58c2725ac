import { entry } from '../../core/contact/journal.ts';
import { allowanceAt } from '../../core/routing/allowance.ts';
import { type Rota, type RotaStep, stepRota } from '../../core/routing/rota.ts';
import { type NamedTeams, teamsNamed } from '../../core/routing/teams.ts';
import { ALWAYS } from '../../core/worktime/schedule.ts';
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
import { AppError, notFound, refusalOf } from '../error.ts';
import { rotaOfRows, scheduleOf } from './staff.ts';
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
 * place. A member named twice, one who is new and may not own leads, or a manager who may not, is refused.
 */
export async function changeTeam(app: App, wanted: WantedTeam, by: Doing): Promise<void> {
  await app.db.transaction(sql => writeTeam(sql, wanted, by));
  announceQueue(app.hub);
}

/** Takes a team away; refused while an active agreement names it or leads wait in its queue. */
export async function dropTeam(app: App, name: string, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const team = (await loadTeams(sql, true)).find(other => other.name === name);
    if (team === undefined) throw notFound({ kind: 'team', id: name });
    if ((await loadNamedTeams(sql, app)).all.has(name))
      throw new AppError('conflict', `the active agreement names team ${name}`);
    const waiting = (await countWaiting(sql)).get(name) ?? 0;
    if (waiting > 0) throw new AppError('conflict', `${waiting} leads wait in the queue of team ${name}`);
    await writeTeam(sql, { name, label: team.label, members: [] }, by);
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
  const rows = (await loadMembers(sql)).filter(row => row.team === name);
  const strangers = await findUnknownInTeam(sql, wanted, new Set(rows.map(({ user_id }) => user_id)));
  if (strangers.length > 0) throw refusalOf('invalid', strangers);
  const before = rotaOfRows(team.turn, rows);
  const steps = stepsBetween(before, wanted.members);
  const rota = steps.reduce(stepRota, before);
  const schedules = new Map((await loadPeople(sql, by.now)).map(row => [row.id, scheduleOf(row) ?? ALWAYS]));
  const members = wanted.members.map((member): MemberToSave => {
    const { userId, capacity } = member;
    const row = rows.find(({ user_id }) => user_id === userId);
    const place = rota.places.find(other => other.userId === userId);
    const perDay = capacity?.perDay === undefined ? (row?.capacity_day ?? null) : capacity.perDay;
    const schedule = schedules.get(userId) ?? ALWAYS;
    return {
      userId,
      weight: place?.weight ?? 1,
      pass: place?.pass ?? rota.turn,
      mostOpen: capacity?.open === undefined ? (row?.capacity_open ?? null) : capacity.open,
      perDay,
      ...tokensOf(row, { perDay, schedule, now: by.now }),
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

/** What happens to a rota when these become its members. */
function stepsBetween({ places }: Rota, wanted: readonly WantedMember[]): readonly RotaStep[] {
  const left = places.filter(place => !wanted.some(({ userId }) => userId === place.userId));
  return [
    ...left.map(({ userId }) => ({ kind: 'left' as const, userId })),
    ...wanted.flatMap(({ userId, weight }): RotaStep[] => {
      const place = places.find(other => other.userId === userId);
      if (place === undefined) return [{ kind: 'joined', userId, weight: weight ?? 1 }];
      return weight === undefined || weight === place.weight ? [] : [{ kind: 'weighed', userId, weight }];
    }),
  ];
}

/** What is left of the day after a capacity changed: what was given today still counts. */
function tokensOf(
  row: Awaited<ReturnType<typeof loadMembers>>[number] | undefined,
  of: { readonly perDay: number | null; readonly schedule: typeof ALWAYS; readonly now: number },
): Pick<MemberToSave, 'tokens' | 'tokensDay'> {
  const { perDay, schedule, now } = of;
  const before = row?.capacity_day ?? null;
  const { tokens = null, tokens_day: day = null } = row ?? {};
  if (perDay === null || before === null || tokens === null || day === null)
    return { tokens: null, tokensDay: null };
  if (before === perDay) return { tokens, tokensDay: day };
  const today = allowanceAt({ perDay: before, kept: { tokens, day }, schedule }, now);
  const left = Math.min(Math.max(0, today.tokens + perDay - before), Math.max(1, perDay));
  return { tokens: left, tokensDay: today.day };
}

function lineOf(step: RotaStep, team: string, by: Doing): LedgerLine {
  return {
    at: by.now,
    kind: step.kind,
    team,
    userId: step.userId,
    episodeId: null,
    contactId: null,
    agreementId: null,
    entry: null,
    because: BECAUSE[step.kind],
    particulars: step.kind === 'joined' || step.kind === 'weighed' ? { weight: step.weight } : {},
    actor: by.actor,
  };
}

const BECAUSE = {
  joined: 'joined the team, level with everybody',
  left: 'left the team',
  weighed: 'takes another share from now on',
  assigned: 'got a lead',
} as const;
