import type { Team } from '../contract/shapes.ts';
import { listActiveIds, listTeamRows, saveTeamRows, type TeamMemberRow } from '../db/team.ts';
import type { Handler } from './app.ts';
import { AppError } from './apperror.ts';

/** Lists the teams with their members. */
export const listTeams: Handler<'listTeams'> = async ({ app }) => {
  return { items: teamsOf(await listTeamRows(app.db, null)), nextCursor: null };
};

/** Makes a team or sets its label and members; every member must be an active user, named once. */
export const saveTeam: Handler<'saveTeam'> = async ({ app }, { params, body }) => {
  const { label, members } = body;
  const ids = members.map(({ userId }) => userId);
  const [saved] = await app.db.transaction(async sql => {
    const active = await listActiveIds(sql, ids);
    const problems = ids.flatMap((userId, index) => {
      const path = `members[${index}].userId`;
      if (!active.has(userId)) return [{ path, message: 'no active user has this id' }];
      return ids.indexOf(userId) < index ? [{ path, message: 'this person is named twice' }] : [];
    });
    if (problems.length > 0)
      throw new AppError('invalid', 'Each member must be an active user, named once.', { problems });
    await saveTeamRows(sql, { name: params.name, label, members });
    return teamsOf(await listTeamRows(sql, params.name));
  });
  if (saved === undefined) throw new AppError('broken', 'The team was not saved.');
  return saved;
};

function teamsOf(rows: readonly TeamMemberRow[]): Team[] {
  const teams = new Map<string, Team>();
  for (const { team: name, label, user_id, name: person, weight } of rows) {
    const team = teams.get(name) ?? { name, label, members: [] };
    teams.set(name, team);
    if (user_id !== null) team.members.push({ userId: user_id, name: person ?? '', weight: weight ?? 1 });
  }
  return [...teams.values()];
}
