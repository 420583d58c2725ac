import type { TeamView } from '../../contract/api/team.ts';
import { AppError } from '../../loop/error.ts';
import { changeTeam, dropTeam, loadNamedTeams } from '../../loop/routing/team.ts';
import { doing } from '../handler/actor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { loadTeamViews } from './teamview.ts';

/** Lists the teams with their members, who can be given a lead now, and the teams that should be there and are not. */
export const listTeams: Handler<'listTeams'> = async request => {
  const { app } = request;
  const items = [...(await loadTeamViews(request))];
  const { all } = await loadNamedTeams(app.db, app);
  const unknownTeams = [...all].filter(name => !items.some(team => team.name === name)).sort();
  return { items, nextCursor: null, unknownTeams };
};

/** Makes a team or sets its label, members and the rest; a new member must be a person who may own leads. */
export const saveTeam: Handler<'saveTeam'> = async (request, { params, body }) => {
  await changeTeam(request.app, { ...body, name: params.name }, doing(request, 'saveTeam'));
  return findTeamView(request, params.name);
};

async function findTeamView(request: Request, name: string): Promise<TeamView> {
  const found = (await loadTeamViews(request)).find(team => team.name === name);
  if (found === undefined) throw new AppError('broken', 'The team was not saved.');
  return found;
}

/** Takes a team away, unless the active agreement names it or leads wait in its queue. */
export const deleteTeam: Handler<'deleteTeam'> = async (request, { params }) => {
  await dropTeam(request.app, params.name, doing(request, 'deleteTeam'));
  return { ok: true };
};
