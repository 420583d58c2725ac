import { LEADS, PEOPLE, rightOf } from '../../src/contract/access.ts';
import type { Database } from '../../src/db/database.ts';
import type { Doing } from '../../src/loop/actor.ts';
import { AppError } from '../../src/loop/error.ts';
import { BrokenError } from './check.ts';
import { ask } from './snapshot.ts';
import type { Life } from './world.ts';

/** The admin of every world, who may do everything. */
export const BY_ADMIN = { actor: 'Ada Admin', userId: 'adm', scope: 'all' } as const;

/** The managers of every world; of its teams Mia manages sales and Max the field, and nobody the others. */
export const MANAGERS: readonly { readonly id: string; readonly name: string; readonly manages: string }[] = [
  { id: 'mia', name: 'Mia Manager', manages: 'sales' },
  { id: 'max', name: 'Max Manager', manages: 'field' },
];

/** What somebody does about a lead (the id of its episode) or about a person. */
interface Subject {
  readonly kind: 'lead' | 'person';
  readonly id: string;
}

/**
 * Chooses who does something that an admin could do. Where a person drawn by `pick` may not, they try it all the same and
 * must be refused; then the admin does it. Only while nothing else goes on, because who may do what changes with the world.
 */
export async function chooseDoer(
  life: Life,
  of: { readonly admin: Doing; readonly subject: Subject; readonly pick: number },
  attempt: (by: Doing) => Promise<unknown>,
): Promise<Doing> {
  const { admin, subject, pick } = of;
  if (!life.isAlone) return admin;
  const people = [
    ...life.plan.reps.map(({ id }) => ({ id, name: `Rep ${id}`, role: 'rep' as const })),
    ...MANAGERS.map(({ id, name }) => ({ id, name, role: 'manager' as const })),
  ];
  const person = people[pick % people.length];
  if (person === undefined) return admin;
  const { id: userId, name: actor, role } = person;
  const right = rightOf(subject.kind === 'lead' ? LEADS : PEOPLE, role);
  const scope = right === 'own' || right === 'team' ? right : 'all';
  const by: Doing = { ...admin, actor, userId, scope };
  if (await isTheirs(life.db, subject, { userId, role })) return by;
  const refused = await attempt(by).then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : 'failed'),
  );
  if (refused !== 'forbidden')
    throw new BrokenError(`what is not theirs was not refused: ${actor}, ${subject.kind}: ${refused}`);
  return admin;
}

/** A second way to say whose something is, as one condition of the database. */
async function isTheirs(
  db: Database,
  { kind, id }: Subject,
  { userId, role }: { readonly userId: string; readonly role: string },
): Promise<boolean> {
  const near =
    kind === 'lead'
      ? `select t.name, t.manager_id from team t, episode e where e.id::text = $1
           and (t.name = e.team or exists (select from team_member m where m.team = t.name and m.user_id = e.owner_id))`
      : 'select t.name, t.manager_id from team t join team_member m on m.team = t.name where m.user_id = $1';
  const own =
    kind === 'lead'
      ? `exists (select from episode e where e.id::text = $1 and (e.owner_id = $2
           or (e.owner_id is null and exists (select from team_member m where m.team = e.team and m.user_id = $2))))`
      : '$1 = $2';
  const hasManager = kind === 'lead' ? 'true' : 'exists (select from near)';
  const [row] = await ask(
    db,
    `whose_${kind}`,
    { so: 'bool' },
    `with near as (${near}), led as (select u.id from near join app_user u on u.id = near.manager_id
       where u.active and u.role in ('manager', 'admin'))
     select ${own} or ($3 = 'manager' and ${hasManager}
       and (not exists (select from led) or $2 in (select id from led))) as so`,
    id,
    userId,
    role,
  );
  return row?.so === true;
}
