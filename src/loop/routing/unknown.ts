import { quote } from '../../core/problem.ts';
import type { Staff } from '../../core/routing/pick.ts';
import type { Sql } from '../../db/database.ts';
import { listPossibleOwners } from '../../db/routing/team.ts';
import type { Fault } from '../error.ts';
import { EXPECTED_OWNER } from './owner.ts';

/** The people that a team names as its manager and members. */
interface NamedInTeam {
  readonly managerId?: string | null | undefined;
  readonly members: readonly { readonly userId: string }[];
}

interface NamedMember {
  readonly team: string;
  readonly userId: string;
}

/** The people and members of teams that a supposition names. */
interface NamedInWhatIf {
  readonly off: readonly { readonly userId: string }[];
  readonly paused: readonly string[];
  readonly weights: readonly NamedMember[];
  readonly capacities: readonly NamedMember[];
}

const NOBODY = 'nobody here has this id';

/**
 * What is wrong with the people that a team names; `known` are its members already. Nobody may be named
 * twice, and a new member must be a person who may work leads.
 */
export async function findUnknownInTeam(
  sql: Sql,
  wanted: NamedInTeam,
  known: ReadonlySet<string>,
): Promise<readonly Fault[]> {
  const ids = wanted.members.map(({ userId }) => userId);
  const managerIds = wanted.managerId === undefined || wanted.managerId === null ? [] : [wanted.managerId];
  const owners = await listPossibleOwners(sql, [...ids, ...managerIds]);
  return [
    ...managerIds.filter(id => !owners.has(id)).map(() => ({ path: 'managerId', message: EXPECTED_OWNER })),
    ...ids.flatMap((userId, index) => {
      const path = `members[${index}].userId`;
      if (userId === UNREAD) return [];
      if (!owners.has(userId) && !known.has(userId)) return [{ path, message: EXPECTED_OWNER }];
      return ids.indexOf(userId) < index ? [{ path, message: 'this person is named twice' }] : [];
    }),
  ];
}

/**
 * What is wrong with the names in a supposition: unknown people, unknown teams, people who are not in the
 * team.
 */
export function findUnknownInWhatIf(
  { people, teams }: Pick<Staff, 'people' | 'teams'>,
  named: NamedInWhatIf,
): readonly Fault[] {
  const isKnown = (id: string) => id === UNREAD || people.some(person => person.id === id);
  const names = teams.map(({ name }) => name).sort();
  const others = names.length === 0 ? 'there is none' : `expected one of ${names.join(', ')}`;
  const stranger = (userId: string, path: string) => (isKnown(userId) ? [] : [{ path, message: NOBODY }]);
  const outsider = ({ team: name, userId }: NamedMember, place: string): readonly Fault[] => {
    const path = `${place}.userId`;
    const team = teams.find(other => other.name === name);
    if (team === undefined && name !== UNREAD)
      return [
        { path: `${place}.team`, message: `unknown team ${quote(name)}; ${others}` },
        ...stranger(userId, path),
      ];
    const isMember = team?.members.some(({ person }) => person.id === userId) ?? true;
    if (isMember || !isKnown(userId) || userId === UNREAD) return stranger(userId, path);
    return [{ path, message: `this person is not in team ${name}` }];
  };
  return [
    ...named.off.flatMap(({ userId }, index) => stranger(userId, `off[${index}].userId`)),
    ...named.paused.flatMap((userId, index) => stranger(userId, `paused[${index}]`)),
    ...named.weights.flatMap((member, index) => outsider(member, `weights[${index}]`)),
    ...named.capacities.flatMap((member, index) => outsider(member, `capacities[${index}]`)),
  ];
}

/** Stands for an id or name that cannot be read: no real one is empty, and the schema has said so at its place. */
export const UNREAD = '';
