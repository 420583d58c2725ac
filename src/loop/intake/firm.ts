import { domainOfTraits } from '../../core/contact/company.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { groupBy } from '../../core/contact/group.ts';
import { textIn } from '../../core/contact/profile.ts';
import {
  FIRMS_WITHIN_MS,
  type FirmSaid,
  firmKey,
  firmsOf,
  newlySaid,
  standsForMany,
} from '../../core/duplicate/firm.ts';
import { formatExceptionSubject } from '../../core/exception/subject.ts';
import type { PlacedCall } from '../../core/intake/identity.ts';
import { quote } from '../../core/problem.ts';
import { counted, listed } from '../../core/text/number.ts';
import { isPlaceholder } from '../../core/text/placeholder.ts';
import type { Sql } from '../../db/database.ts';
import { forgetGroupFirms, loadGroupFirms, saveGroupFirms } from '../../db/intake/firm.ts';
import type { App } from '../app.ts';
import { type RaisedException, raiseExceptions } from '../exception/exception.ts';

/** How many of the companies that an id stands for an exception names. */
const NAMED = 5;

const subjectOf = (groupId: string) =>
  ({ kind: 'identity', identity: { kind: 'group', value: groupId } }) as const;

type Said = FirmSaid & { readonly groupId: string };

/**
 * The calls with the ids of groups that they link by: one that stands for different companies links nobody, what is said with
 * it is the contact's own view of its company, and an exception tells of it. One statement, and only where group calls are, and another where a company is named anew.
 */
export async function brakeGroups(
  sql: Sql,
  app: App,
  placed: readonly PlacedCall[],
  by: { readonly now: number; readonly kindOf: KindOfDomain },
): Promise<readonly PlacedCall[]> {
  const grouped = groupCallsOf(placed);
  if (grouped.length === 0) return placed;
  const found = await loadGroupFirms(sql, {
    groups: [...new Set(grouped.map(({ groupId }) => groupId))].map(groupId => ({
      groupId,
      subject: formatExceptionSubject(subjectOf(groupId)),
    })),
    contactIds: [...new Set(grouped.map(({ contactId }) => contactId))],
    since: by.now - FIRMS_WITHIN_MS,
  });
  const rows = groupBy(found.groups, ({ groupId }) => groupId);
  const domains = domainsOf(placed, found.domains, by.kindOf);
  const bySaid = groupBy(
    grouped.map(one => saidBy(one, domains)),
    ({ groupId }) => groupId,
  );
  const braked = new Set<string>();
  const troubles: RaisedException[] = [];
  const fresh: (Said & { readonly firm: string; readonly recordedAt: number })[] = [];
  for (const [groupId, now] of bySaid) {
    const stored = rows.get(groupId) ?? [];
    const known = stored.flatMap(({ said }) => said ?? []);
    const firms = firmsOf([...known, ...now]);
    if (stored.some(({ isOpen }) => isOpen)) braked.add(groupId);
    else if (standsForMany(firms)) {
      braked.add(groupId);
      troubles.push(troubleOf(groupId, firms, by.now));
    } else
      for (const one of newlySaid(now, known))
        fresh.push({ ...one, groupId, firm: firmKey(one), recordedAt: by.now });
  }
  await saveGroupFirms(sql, fresh);
  if (braked.size === 0) return placed;
  await forgetGroupFirms(sql, [...braked]);
  await raiseExceptions(sql, app, troubles);
  return placed.map(item => withoutGroup(item, braked));
}

/** The group calls of servers, in their order. */
function groupCallsOf(placed: readonly PlacedCall[]) {
  return placed.flatMap(({ call, contactId }) =>
    call.says.kind === 'group' && call.says.groupId !== null && call.trust === 'server'
      ? [{ contactId, groupId: call.says.groupId, traits: call.says.traits }]
      : [],
  );
}

/** The business domains of contacts; who they are is often told just before, in the same batch. */
function domainsOf(
  placed: readonly PlacedCall[],
  known: ReadonlyMap<string, string>,
  kindOf: KindOfDomain,
): ReadonlyMap<string, string> {
  const domains = new Map(known);
  for (const { call, contactId } of placed) {
    const domain = call.ids.email?.split('@').at(-1);
    if (domain !== undefined && kindOf(domain) === 'business') domains.set(contactId, domain);
  }
  return domains;
}

function saidBy(
  { contactId, groupId, traits }: ReturnType<typeof groupCallsOf>[number],
  domains: ReadonlyMap<string, string>,
): Said {
  const name = textIn(traits.name);
  return {
    contactId,
    groupId,
    name: name === null || isPlaceholder(name) ? null : name.slice(0, 200),
    domain: domains.get(contactId) ?? domainOfTraits(traits),
  };
}

function withoutGroup(item: PlacedCall, braked: ReadonlySet<string>): PlacedCall {
  const { call } = item;
  const { says } = call;
  if (says.kind !== 'group' || says.groupId === null || !braked.has(says.groupId)) return item;
  return { ...item, call: { ...call, says: { ...says, groupId: null } } };
}

function troubleOf(groupId: string, firms: ReturnType<typeof firmsOf>, at: number): RaisedException {
  const examples = firms.slice(0, NAMED).map(({ first }) => ({
    contactId: first.contactId,
    name: first.name,
    domain: first.domain,
  }));
  const words = examples.map(({ name, domain }) =>
    name === null ? (domain ?? '') : `${quote(name)}${domain === null ? '' : ` (${domain})`}`,
  );
  const more = firms.length > NAMED ? [counted(firms.length - NAMED, 'other')] : [];
  return {
    kind: 'breach',
    reason: 'joins_companies',
    subject: subjectOf(groupId),
    detail: `the group id ${quote(groupId)} was given for people of ${listed([...words, ...more], 'and')} within a week, which is what a broken release does; it links nobody to a company until this is closed, and what it has joined can be taken apart`,
    particulars: { identity: { kind: 'group', value: groupId }, examples },
    at,
  };
}
