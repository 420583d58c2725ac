import { z } from 'zod';
import { loadMembers } from '../../db/routing/staff.ts';
import { loadStaff } from '../../loop/routing/staff.ts';
import { findUnknownInTeam, findUnknownInWhatIf, UNREAD } from '../../loop/routing/unknown.ts';
import type { Precheck, Prechecks } from '../handler/handler.ts';

/** The longest list that is looked through; the schema refuses a longer one as a whole. */
const MOST_NAMED = 500;

const readable = z.string().catch(UNREAD);

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(MOST_NAMED).catch([]);

const namedPerson = z.object({ userId: readable }).catch({ userId: UNREAD });

const namedMember = z.object({ team: readable, userId: readable }).catch({ team: UNREAD, userId: UNREAD });

const namedInTeam = z
  .object({ managerId: z.string().min(1).nullable().catch(null), members: listOf(namedPerson) })
  .catch({ managerId: null, members: [] });

const namedInWhatIf = z
  .object({
    off: listOf(namedPerson),
    paused: listOf(readable),
    weights: listOf(namedMember),
    capacities: listOf(namedMember),
  })
  .catch({ off: [], paused: [], weights: [], capacities: [] });

const namedTeam = z.object({ name: z.string() });

/** Finds the strangers of a team whose body is refused. */
const precheckTeam: Precheck = async ({ app: { db } }, { params, body }) => {
  const { name } = namedTeam.parse(params);
  const members = (await loadMembers(db)).filter(({ team }) => team === name);
  return findUnknownInTeam(db, namedInTeam.parse(body), new Set(members.map(({ user_id: id }) => id)));
};

/** Finds the strangers of a supposition whose body is refused. */
const precheckWhatIf: Precheck = async ({ app, now }, { body }) => {
  const book = await loadStaff(app.db, { companyIds: [], now, isLocked: false });
  return findUnknownInWhatIf({ people: book.people, teams: book.teams() }, namedInWhatIf.parse(body));
};

/** The prechecks of all endpoints that have one. */
export const prechecks: Prechecks = {
  saveTeam: precheckTeam,
  askWhatIf: precheckWhatIf,
};
