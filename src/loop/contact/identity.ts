import { createHash } from 'node:crypto';
import { domainOfTraits } from '../../core/contact/company.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { companyIn } from '../../core/contact/profile.ts';
import { kindNaming } from '../../core/contact/provider.ts';
import type { Call } from '../../core/intake/call.ts';
import { isPassedOver } from '../../core/intake/identity.ts';
import type { Sql } from '../../db/database.ts';
import { addMessages, loadIdentities, lockHolders, lockIdentities } from '../../db/intake/intake.ts';

/** Over how many advisory locks identities are spread: enough that two nodes rarely meet on one. */
const LOCK_BUCKETS = 1024;

/**
 * The calls whose message was not known yet, each message once, in order; and who is known by what they name, locked until
 * the transaction ends.
 */
export async function openCalls(
  sql: Sql,
  calls: readonly Call[],
  by: { readonly now: number; readonly batchId: string | null; readonly kindOf: KindOfDomain },
) {
  const byId = new Map<string, Call>();
  for (const call of calls) if (!byId.has(call.messageId)) byId.set(call.messageId, call);
  const distinct = [...byId.values()];
  const asked = identitiesAsked(distinct);
  const buckets = bucketsOf([...asked, ...companiesAsked(distinct, by.kindOf)]);
  let [added, , locked, known] = await Promise.all([
    addMessages(sql, [...byId.keys()].sort(), by),
    lockIdentities(sql, buckets),
    lockHolders(sql, asked),
    loadIdentities(sql, asked),
  ]);
  // A contact was joined to another while its lock was waited for: the one the identities lead to now is
  // locked, too.
  while (known.some(row => !locked.has(row.contact_id)))
    [locked, known] = await Promise.all([lockHolders(sql, asked), loadIdentities(sql, asked)]);
  const fresh = distinct.filter(({ messageId }) => added.has(messageId));
  return { fresh, known };
}

/** The contacts that hold these identities, without those that only a public key says an established contact has. */
export async function loadRelied(
  sql: Sql,
  asked: readonly { readonly kind: string; readonly value: string }[],
) {
  const rows = await loadIdentities(sql, asked);
  return rows.filter(row => !isPassedOver({ isClaim: row.claimed, isEstablished: row.established }));
}

/** The names by which calls may find or make a company; two nodes must not make the same one. */
function companiesAsked(
  calls: readonly Call[],
  kindOf: KindOfDomain,
): readonly { readonly kind: string; readonly value: string }[] {
  return calls.flatMap(call => {
    const domain = domainIn(call, kindOf);
    const group = call.says.kind === 'group' ? [{ kind: 'group', value: call.says.groupId }] : [];
    return domain === null ? group : [...group, { kind: 'domain', value: domain }];
  });
}

/** The company's domain that a call tells of: that of a business address, or of a group that a server speaks of. */
export function domainIn({ ids, says, trust }: Call, kindOf: KindOfDomain): string | null {
  // A web page may say anything; only a server's word joins a company to a domain.
  if (says.kind === 'group') return trust === 'server' ? domainOfTraits(says.traits) : null;
  if (says.kind !== 'identify' && says.kind !== 'profile') return null;
  const domain = ids.email?.split('@').at(-1);
  if (domain === undefined) return null;
  return kindNaming(kindOf, companyIn(says.traits).name)(domain) === 'business' ? domain : null;
}

function identitiesAsked(
  calls: readonly Call[],
): readonly { readonly kind: string; readonly value: string }[] {
  const asked = new Map<string, { readonly kind: string; readonly value: string }>();
  const ask = (kind: string, value: string | null) => {
    if (value !== null) asked.set(`${kind}\u0000${value}`, { kind, value });
  };
  for (const { ids, says } of calls) {
    ask('user', ids.user);
    ask('anonymous', ids.anonymous);
    ask('email', ids.email);
    if (says.kind !== 'alias') continue;
    ask('anonymous', says.previousId);
    ask('user', says.previousId);
  }
  return [...asked.values()];
}

/** The advisory locks that these identities share. */
export function bucketsOf(
  asked: readonly { readonly kind: string; readonly value: string }[],
): readonly number[] {
  const buckets = asked.map(({ kind, value }) => {
    const hash = createHash('sha1').update(kind).update('\u0000').update(value).digest();
    return hash.readUInt32BE(0) % LOCK_BUCKETS;
  });
  return [...new Set(buckets)].sort((a, b) => a - b);
}
