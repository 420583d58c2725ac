import { capital } from '../condition/words.ts';
import { type Refused, refuse } from '../problem.ts';
import { listed } from '../text/number.ts';

/** How far somebody goes with a call: what is their own, what their teams have too, or everything. */
export type RemitScope = 'own' | 'team' | 'all';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A team as far as it says who looks after what. */
export interface LedTeam {
  readonly name: string;
  readonly label: string;
  /** Null unless it is an active manager or admin: then every manager looks after the team. */
  readonly manager: Named | null;
  readonly memberIds: readonly string[];
}

/** What somebody may work on: how far their role goes, and which team is whose. */
export interface Remit {
  /** Null for an API key: it is not a person, owns nothing and is in no team, and works for all people of its role. */
  readonly userId: string | null;
  readonly scope: RemitScope;
  readonly teams: readonly LedTeam[];
}

/** A lead as far as it says whose it is: its owner, and the team (by name) that it was given to or waits for. */
export interface HeldLead {
  readonly owner: Named | null;
  readonly team: string | null;
}

/**
 * Checks that somebody may work on a lead. It is their own, or nobody's and in the queue of a team that they are in; or
 * they manage its team or one of its owner's teams. What no manager leads, every manager may work on.
 *
 * @example checkWork({ owner: { id: 'ann', name: 'Ann' }, team: null }, { userId: 'ann', scope: 'own', teams: [] }) // null
 */
export function checkWork(lead: HeldLead, { userId, scope, teams }: Remit): Refused | null {
  const { owner } = lead;
  if (scope === 'all' || userId === null || owner?.id === userId) return null;
  const near = teams.filter(
    ({ name, memberIds }) => name === lead.team || (owner !== null && memberIds.includes(owner.id)),
  );
  if (owner === null && near.some(({ memberIds }) => memberIds.includes(userId))) return null;
  if (scope === 'team' && leads(near, userId)) return null;
  const managers = managerWords(near);
  if (owner !== null)
    return refuse('forbidden', `This lead belongs to ${owner.name}. ${can(managers)} reassign it.`);
  const queue = near[0];
  return refuse(
    'forbidden',
    queue === undefined
      ? `This lead waits in the queue of no team. ${can(managers)} give it to somebody.`
      : `This lead waits in the queue of the team ${queue.label}. ${can(['one of its members', ...managers])} take it.`,
  );
}

function can(people: readonly string[]): string {
  return `${capital(listed(people, 'or'))} can`;
}

/** Whether somebody manages one of these teams, or nobody does. */
function leads(teams: readonly LedTeam[], userId: string): boolean {
  const managers = managersOf(teams);
  return managers.length === 0 || managers.some(({ id }) => id === userId);
}

function managersOf(teams: readonly LedTeam[]): readonly Named[] {
  return teams.flatMap(({ manager }) => (manager === null ? [] : [manager]));
}

/** Who may do what the managers of some teams may, to be read after others. */
function managerWords(teams: readonly LedTeam[]): readonly string[] {
  const names = managersOf(teams).map(({ name }) => name);
  return [...(names.length === 0 ? ['a manager'] : new Set(names)), 'an admin'];
}

/**
 * Checks what holds a lead up, or another trouble: the person who deals with it may work on it, and everybody who may work
 * on the lead. What is about no lead is every manager's.
 *
 * @example checkTrouble({ dealerId: 'ann', lead: null }, { userId: 'ann', scope: 'own', teams: [] }) // null
 */
export function checkTrouble(
  trouble: { readonly dealerId: string | null; readonly lead: HeldLead | null },
  remit: Remit,
): Refused | null {
  const { userId, scope } = remit;
  if (userId !== null && trouble.dealerId === userId) return null;
  if (trouble.lead !== null) return checkWork(trouble.lead, remit);
  return scope !== 'own' || userId === null
    ? null
    : refuse('forbidden', 'Only the person who deals with this, a manager or an admin can work on it.');
}

/**
 * Checks that somebody may say what made the events of a contact: they may work on one of its `leads`; where it is nobody's
 * lead, every manager may.
 *
 * @example checkClassing([], { userId: 'mia', scope: 'team', teams: [] }) // null
 */
export function checkClassing(leads: readonly HeldLead[], remit: Remit): Refused | null {
  return checkContact(leads, remit, 'class its events');
}

/**
 * Checks that somebody may correct the fields of a contact: they may work on one of its `leads`; where it is nobody's lead,
 * every manager may.
 *
 * @example checkCorrecting([], { userId: 'mia', scope: 'team', teams: [] }) // null
 */
export function checkCorrecting(leads: readonly HeldLead[], remit: Remit): Refused | null {
  return checkContact(leads, remit, 'change it');
}

function checkContact(leads: readonly HeldLead[], remit: Remit, verb: string): Refused | null {
  const refusals = leads.map(lead => checkWork(lead, remit));
  if (refusals.some(refusal => refusal === null)) return null;
  if (refusals[0] !== undefined) return refusals[0];
  return remit.scope !== 'own' || remit.userId === null
    ? null
    : refuse('forbidden', `This contact is not a lead of yours. A manager or an admin can ${verb}.`);
}

/**
 * Checks that somebody may see why a person is away, and change when they work: the person, and the manager of a team of
 * theirs; every manager where nobody manages their teams. A person in no team has no manager.
 *
 * @example checkPerson({ id: 'ann', name: 'Ann' }, { userId: 'ann', scope: 'own', teams: [] }) // null
 */
export function checkPerson(person: Named, { userId, scope, teams }: Remit): Refused | null {
  if (scope === 'all' || person.id === userId) return null;
  const near = teamsOf(person, teams);
  if (scope === 'team' && (userId === null || (near.length > 0 && leads(near, userId)))) return null;
  const others = near.length === 0 ? ['an admin'] : managerWords(near);
  return refuse('forbidden', `Only ${listed([person.name, ...others], 'or')} can change this.`);
}

function teamsOf({ id }: Pick<Named, 'id'>, teams: readonly LedTeam[]): readonly LedTeam[] {
  return teams.filter(({ memberIds }) => memberIds.includes(id));
}

/**
 * Checks that somebody may change a team: who manages it may, and every manager where nobody does.
 *
 * @example checkTeam({ label: 'Sales', manager: null }, { userId: 'mia', scope: 'team', teams: [] }) // null
 */
export function checkTeam(
  { label, manager }: Pick<LedTeam, 'label' | 'manager'>,
  { userId, scope }: Remit,
): Refused | null {
  if (scope === 'all' || userId === null || manager === null || manager.id === userId) return null;
  const { name } = manager;
  return refuse('forbidden', `${name} manages the team ${label}. Only ${name} or an admin can change it.`);
}

/**
 * Checks that somebody may put a person into a team: a manager takes nobody from the teams of another, and so gets to work
 * on no lead that was theirs.
 *
 * @example checkJoining({ id: 'ann', name: 'Ann' }, { userId: 'mia', scope: 'team', teams: [] }) // null
 */
export function checkJoining(person: Named, { userId, scope, teams }: Remit): Refused | null {
  const near = teamsOf(person, teams);
  if (scope === 'all' || userId === null || leads(near, userId)) return null;
  const managers = listed([...new Set(managersOf(near).map(({ name }) => name))], 'and');
  return refuse(
    'forbidden',
    `${person.name} is in a team of ${managers}. An admin can put them into this one.`,
  );
}
