import { type Company, type CompanyAsk, foldTraits, openCompanyBook } from '../../core/contact/company.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { groupBy } from '../../core/contact/group.ts';
import type { Call } from '../../core/intake/call.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import {
  addCompanyFacts,
  findCompanies,
  loadCompanyFacts,
  type NewCompanyFact,
  saveCompanies,
} from '../../db/contact/company.ts';
import type { Sql } from '../../db/database.ts';
import { domainIn } from './identity.ts';

/** A stored company as far as telling companies apart needs it. */
export function companyOfRow(row: Awaited<ReturnType<typeof findCompanies>>[number]): Company {
  return { id: row.id, domain: row.domain, groupId: row.group_id, claimedDomain: row.claimed_domain };
}

/** What a call says overwrites what is known, unless it comes from a web page. */
export const modeOf = (call: Pick<Call, 'trust'>) => (call.trust === 'public' ? 'fill' : 'set');

/** Links contacts to companies and stores what group calls say of them. */
export async function linkCompanies(
  sql: Sql,
  placed: readonly { readonly call: Call; readonly contactId: string }[],
  known: {
    readonly companyOf: ReadonlyMap<string, string>;
    readonly now: number;
    readonly newId: () => string;
    readonly kindOf: KindOfDomain;
  },
): Promise<{ readonly companyOfMessage: ReadonlyMap<string, string>; readonly changed: readonly string[] }> {
  const asks = placed.flatMap(
    ({ call, contactId }): readonly { readonly call: Call; readonly ask: CompanyAsk }[] => {
      const domain = domainIn(call, known.kindOf);
      const { says, trust } = call;
      if (says.kind === 'group' && says.groupId !== null && trust === 'server')
        return [{ call, ask: { kind: 'group', contactId, groupId: says.groupId, domain } }];
      if (domain === null) return [];
      return [{ call, ask: { kind: trust === 'server' ? 'domain' : 'claim', contactId, domain } }];
    },
  );
  if (asks.length === 0) return { companyOfMessage: new Map(), changed: [] };
  const rows = await findCompanies(sql, {
    domains: asks.flatMap(({ ask }) => ask.domain ?? []),
    groupIds: asks.flatMap(({ ask }) => (ask.kind === 'group' ? [ask.groupId] : [])),
    ids: [...new Set(known.companyOf.values())],
  });
  const book = openCompanyBook({
    companies: rows.map(companyOfRow),
    companyOf: known.companyOf,
    newId: known.newId,
  });
  const companyOfMessage = new Map(asks.map(({ call, ask }) => [call.messageId, book.place(ask)]));
  const facts = asks.flatMap(({ call }): NewCompanyFact[] => {
    const companyId = companyOfMessage.get(call.messageId);
    if (call.says.kind !== 'group' || companyId === undefined) return [];
    const { at, messageId, receivedAt: recordedAt } = call;
    return [{ companyId, at, messageId, traits: call.says.traits, recordedAt }];
  });
  const traits = new Map(rows.map(({ id, traits }) => [id, traits]));
  const save = (companies: readonly Company[]) =>
    saveCompanies(
      sql,
      companies.map(company => ({ ...company, traits: traits.get(company.id) ?? {} })),
      known.now,
    );
  const changed = book.changed();
  await save(changed);
  if (facts.length === 0) return { companyOfMessage, changed: [] };
  await addCompanyFacts(sql, facts);
  const told = [...new Set(facts.map(({ companyId }) => companyId))];
  const all = groupBy(await loadCompanyFacts(sql, told, LAST_INSTANT), fact => fact.company_id);
  for (const id of told) traits.set(id, foldTraits((all.get(id) ?? []).map(fact => fact.traits)));
  const byId = new Map([...rows.map(companyOfRow), ...changed].map(company => [company.id, company]));
  await save(told.flatMap(id => byId.get(id) ?? []));
  return { companyOfMessage, changed: told };
}
