import type { TeamView } from '../../contract/api/team.ts';
import { checkRemoval } from '../../core/routing/membership.ts';
import type { Sql } from '../../db/database.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import { countWaiting, deleteTeamRow } from '../../db/routing/team.ts';
import type { App } from '../../loop/app.ts';
import { AppError, allowed } from '../../loop/error.ts';
import { writeTeam } from '../../loop/routing/team.ts';
import { mustBeSomeone } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { loadNamed, loadTeamViews } from './teamview.ts';

/** Lists the teams with their members, who can be given a lead now, and the teams that should be there and are not. */
export const listTeams: Handler<'listTeams'> = async ({ app, now }) => {
  const items = [...(await loadTeamViews(app.db, app, now))];
  const { all } = await loadNamed(app.db, app);
  const unknownTeams = [...all].filter(name => !items.some(team => team.name === name)).sort();
  return { items, nextCursor: null, unknownTeams };
};

/** Makes a team or sets its label, members and the rest; whoever is new in it must be somebody who may own leads. */
export const saveTeam: Handler<'saveTeam'> = async (request, { params, body }) => {
  const { app, now } = request;
  const saved = await app.db.transaction(async sql => {
    await writeTeam(sql, { ...body, name: params.name }, { actor: mustBeSomeone(request.caller).name, now });
    return findTeamView(sql, app, params.name, now);
  });
  app.hub.publish(null, { kind: 'queue' });
  return saved;
};

async function findTeamView(sql: Sql, app: App, name: string, now: number): Promise<TeamView> {
  const found = (await loadTeamViews(sql, app, now)).find(team => team.name === name);
  if (found === undefined) throw new AppError('broken', 'The team was not saved.');
  return found;
}

/** Takes a team away, unless the active agreement names it or leads wait in its queue. */
export const deleteTeam: Handler<'deleteTeam'> = async (request, { params: { name } }) => {
  const { app, now } = request;
  await app.db.transaction(async sql => {
    const team = (await loadTeams(sql, true)).find(other => other.name === name);
    if (team === undefined) throw new AppError('notFound', `there is no team ${name}`);
    const isNamed = (await loadNamed(sql, app)).all.has(name);
    const waiting = (await countWaiting(sql)).get(name) ?? 0;
    allowed(checkRemoval({ name, isNamed, waiting }));
    await writeTeam(
      sql,
      { name, label: team.label, members: [] },
      { actor: mustBeSomeone(request.caller).name, now },
    );
    await deleteTeamRow(sql, name);
  });
  return { ok: true };
};
