import { z } from 'zod';
import type { WhatIf } from '../../contract/api/team.ts';
import type { Staff } from '../../core/routing/pick.ts';
import { route } from '../../core/routing/route.ts';
import {
  comeAgain,
  type GivenLead,
  giveAgain,
  type Shares,
  type Supposition,
  suppose,
} from '../../core/routing/whatif.ts';
import { scoreAt } from '../../core/scoring/score.ts';
import { formatInstant, instantOrNull, LAST_INSTANT } from '../../core/time/instant.ts';
import { findCompanyOf } from '../../db/contact/company.ts';
import type { Sql } from '../../db/database.ts';
import { listAssigned } from '../../db/routing/ledger.ts';
import { readTogether } from '../../db/snapshot.ts';
import { activeAgreements, type RunningAgreement } from '../../loop/agreement/active.ts';
import type { App } from '../../loop/app.ts';
import { AppError, mustFind, refusalOf } from '../../loop/error.ts';
import { loadStaff } from '../../loop/routing/staff.ts';
import { findUnknownInWhatIf } from '../../loop/routing/unknown.ts';
import { loadPast } from '../../loop/scoring/asof.ts';
import { scoredAt } from '../../loop/scoring/past.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { assignmentView } from './ledger.ts';

/** Answers who would get a lead, or the last leads again, if things were otherwise; it writes nothing. */
export const askWhatIf: Handler<'askWhatIf'> = async ({ app, now }, { body }) => {
  const off = body.off.map(({ userId, from, to }) => ({ userId, from: readGiven(from), to: readGiven(to) }));
  const supposed: Supposition = { ...body, off };
  const at = body.at === undefined ? now : readGiven(body.at);
  const { contactId, last } = body;
  const { staff, given } = await readTogether(app.db, async sql => {
    const companyId = contactId === undefined ? null : await findCompany(sql, contactId);
    const companyIds = companyId === null ? [] : [companyId];
    const book = await loadStaff(sql, { companyIds, now: Math.min(at, now), isLocked: false });
    return {
      staff: { people: book.people, teams: book.teams(), companyOwners: book.companyOwners(companyId) },
      given: last === undefined ? [] : (await listAssigned(sql, last)).map(leadOf),
    };
  });
  const strangers = findUnknownInWhatIf(staff, body);
  if (strangers.length > 0) throw refusalOf('invalid', strangers);
  return contactId === undefined
    ? forLast(staff, supposed, comeAgain(given, Math.max(at, ...beginningOf(off))))
    : forContact(app, staff, { contactId, at, supposed });
};

/** When the first time off begins that is asked about: the leads are laid into it. None without one. */
function beginningOf(off: Supposition['off']): readonly number[] {
  return off.length === 0 ? [] : [Math.min(...off.map(({ from }) => from))];
}

async function findCompany(sql: Sql, contactId: string): Promise<string | null> {
  const row = await mustFind({ kind: 'contact', id: contactId }, () => findCompanyOf(sql, contactId));
  return row.company_id;
}

async function forContact(
  app: App,
  staff: Staff,
  of: { readonly contactId: string; readonly at: number; readonly supposed: Supposition },
): Promise<WhatIf> {
  const { contactId, at } = of;
  const [active] = await activeAgreements(app.db, app.db);
  if (active === undefined) throw new AppError('conflict', 'no agreement is active');
  const { lead, team } = await findLead(app, active, { contactId, at });
  const nameOf = new Map(staff.people.map(({ id, name }) => [id, name]));
  const under = (given: Staff) => assignmentView(route(active.desk, lead, given, team), nameOf);
  return {
    kind: 'contact',
    at: formatInstant(at),
    now: under(staff),
    then: under(suppose(staff, of.supposed)),
  };
}

/** What conditions read of a contact at an instant, and the team that a disqualifier sends it to, if one does. */
async function findLead(
  app: App,
  { program }: RunningAgreement,
  { contactId, at }: { readonly contactId: string; readonly at: number },
) {
  const past = await loadPast(app.db, contactId, { program, knownAt: LAST_INSTANT });
  const subject = past === undefined ? null : scoredAt(program, past, at);
  const score = subject === null ? null : scoreAt(program, subject, at);
  if (subject === null || score === null || !score.applies)
    throw new AppError('conflict', 'the active agreement does not score this contact then');
  const team = program.agreement.disqualify.find(
    ({ id, route: to }) => to !== null && score.disqualified.includes(id),
  );
  return { lead: { subject, score, at }, team: team?.route ?? null };
}

function forLast(staff: Staff, supposed: Supposition, leads: readonly GivenLead[]): WhatIf {
  const view = ({ leads: count, waiting }: Shares, ids: readonly string[]) => ({
    members: ids.map(id => ({
      id,
      name: staff.people.find(person => person.id === id)?.name ?? id,
      leads: count.get(id) ?? 0,
    })),
    waiting,
  });
  const [now, then] = [giveAgain(staff, leads), giveAgain(suppose(staff, supposed), leads)];
  const ids = [...new Set([...now.leads.keys(), ...then.leads.keys()])].sort();
  return {
    kind: 'last',
    leads: leads.length,
    from: instantOrNull(leads[0]?.at ?? null),
    to: instantOrNull(leads.at(-1)?.at ?? null),
    now: view(now, ids),
    then: view(then, ids),
  };
}

const byShape = z
  .object({ by: z.enum(['round_robin', 'weighted', 'least_open']).catch('weighted') })
  .catch({ by: 'weighted' });

function leadOf(row: Awaited<ReturnType<typeof listAssigned>>[number]): GivenLead {
  return { at: row.at, team: row.team, by: byShape.parse(row.particulars).by, userId: row.user_id };
}
