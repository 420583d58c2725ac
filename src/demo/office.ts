import { readFile } from 'node:fs/promises';
import { makeUser } from '../loop/access/user.ts';
import { activateAgreement, TEMPLATE } from '../loop/agreement/activate.ts';
import type { App } from '../loop/app.ts';
import { bookTimeOff, changeAvailability } from '../loop/routing/availability.ts';
import { changeTeam } from '../loop/routing/team.ts';
import { hashPassword } from '../server/access/session.ts';
import { DAY } from './story/rhythm.ts';
import { type DemoPerson, demoAway, demoPeople, demoTeams } from './story/staff.ts';

/** Somebody of the demo, with the id they got. */
export interface Player extends DemoPerson {
  readonly id: string;
}

/** Makes the demo's agreement, people with their working hours, and teams; the first person is the one who is signed in. */
export async function openOffice(
  app: App,
  by: { readonly now: number; readonly password: string },
): Promise<readonly Player[]> {
  const done = { actor: 'demo', now: by.now - 366 * DAY };
  await activateAgreement(app.db, await readFile(TEMPLATE, 'utf8'), done);
  const passwordHash = await hashPassword(by.password);
  const players: Player[] = [];
  for (const person of demoPeople) {
    const { name, email, role, timezone, hours } = person;
    const { id } = await makeUser(app, { name, email, role, passwordHash }, done);
    const working = { timezone, hours: { 'mon-fri': [hours] }, holidays: [] };
    await changeAvailability(app, id, { ...working, paused: false, pausedNote: null }, done);
    players.push({ ...person, id });
  }
  const idOf = new Map(players.map(({ email, id }) => [email, id]));
  for (const { name, label, members, manager } of demoTeams) {
    const rows = members.flatMap(({ email, weight }) => {
      const userId = idOf.get(email);
      return userId === undefined ? [] : [{ userId, weight }];
    });
    await changeTeam(app, { name, label, managerId: idOf.get(manager) ?? null, members: rows }, done);
  }
  for (const { email, days, note } of demoAway) {
    const off = { from: by.now, to: by.now + days * DAY, note };
    await bookTimeOff(app, idOf.get(email) ?? '', off, done);
  }
  return players;
}

/** The first person of each role, through whose eyes a visitor may look. */
export function rolePlayers(players: readonly Player[]): readonly Player[] {
  return players.filter(({ role }, index) => players.findIndex(other => other.role === role) === index);
}
