import { randomUUID } from 'node:crypto';
import { type Database, json, type Sql, stamp, stampOrNull } from '../../src/db/database.ts';
import { empty } from './empty.ts';

/** A day and an hour in milliseconds. */
export const DAY = 86_400_000;
export const HOUR = 3_600_000;

async function insert(sql: Sql, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const text = `insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`;
  await sql.run({ name: '', text }, Object.values(row));
}

/** Adds a person who signs in; the id is the first word of the name in lower case unless given. */
export async function addUser(
  sql: Sql,
  given: { readonly name: string; readonly id?: string; readonly email?: string; readonly role?: string },
): Promise<string> {
  const id = given.id ?? given.name.split(' ')[0]?.toLowerCase() ?? given.name;
  await insert(sql, 'app_user', {
    id,
    name: given.name,
    email: given.email ?? `${id}@acme.example`,
    role: given.role ?? 'rep',
  });
  return id;
}

/** Adds an agreement with one version, active unless said otherwise. */
export async function addAgreement(
  sql: Sql,
  given: {
    readonly id?: string;
    readonly body?: unknown;
    readonly active?: boolean;
    readonly createdAt?: number;
  } = {},
): Promise<string> {
  const id = given.id ?? 'core';
  const at = stamp(given.createdAt ?? 0);
  await insert(sql, 'agreement', {
    id,
    name: id,
    active_version: given.active === false ? null : 1,
    created_at: at,
  });
  await insert(sql, 'agreement_version', {
    agreement_id: id,
    version: 1,
    source: 'agreement: 1',
    body: json(given.body ?? { agreement: 1, name: id, scores: { fit: {} } }),
    created_at: at,
    created_by: 'a test',
    activated_at: given.active === false ? null : at,
  });
  return id;
}

/** Adds a contact. */
export async function addContact(
  sql: Sql,
  given: {
    readonly id?: string;
    readonly name?: string;
    readonly title?: string | null;
    readonly email?: string | null;
    readonly company?: string | null;
    readonly companyId?: string | null;
    readonly createdAt?: number;
    readonly lastSeenAt?: number | null;
    readonly contact?: unknown;
    readonly companyPart?: unknown;
    readonly mergedInto?: string | null;
  } = {},
): Promise<string> {
  const id = given.id ?? randomUUID();
  const at = stamp(given.createdAt ?? 0);
  await insert(sql, 'contact', {
    id,
    created_at: at,
    first_seen_at: at,
    last_seen_at: stampOrNull(given.lastSeenAt ?? null),
    email: given.email ?? null,
    name: given.name ?? 'Ann Lee',
    title: given.title ?? null,
    company_name: given.company ?? null,
    company_id: given.companyId ?? null,
    contact: json(given.contact ?? {}),
    company_part: json(given.companyPart ?? {}),
    merged_into: given.mergedInto ?? null,
  });
  return id;
}

/** Adds where a contact stands under an agreement. */
export async function addStanding(
  sql: Sql,
  given: {
    readonly contactId: string;
    readonly agreementId?: string;
    readonly stage?: string;
    readonly total?: number | null;
    readonly scores?: Readonly<Record<string, number>>;
    readonly grade?: string | null;
    readonly ownerId?: string | null;
    readonly firstMqlAt?: number | null;
  },
): Promise<void> {
  await insert(sql, 'standing', {
    contact_id: given.contactId,
    agreement_id: given.agreementId ?? 'core',
    version: 1,
    stage: given.stage ?? 'lead',
    stage_since: stamp(0),
    applies: given.total !== null,
    scores: json(given.scores ?? {}),
    total: given.total ?? null,
    grade: given.grade ?? null,
    disqualified: '{}',
    first_mql_at: stampOrNull(given.firstMqlAt ?? null),
    owner_id: given.ownerId ?? null,
    evaluated_at: stamp(0),
  });
}

/** Adds an episode; its state follows the decision unless given. */
export async function addEpisode(
  sql: Sql,
  given: {
    readonly contactId: string;
    readonly handedOffAt: number;
    readonly id?: string;
    readonly agreementId?: string;
    readonly state?: string;
    readonly decision?: 'accepted' | 'rejected' | null;
    readonly decidedAt?: number | null;
    readonly endedAt?: number | null;
    readonly path?: string;
    readonly pathLabel?: string;
    readonly total?: number;
    readonly breakdown?: unknown;
    readonly ownerId?: string | null;
    readonly team?: string | null;
    readonly waitingFor?: string | null;
    readonly source?: string | null;
    readonly opportunityAt?: number | null;
    readonly amount?: number | null;
    readonly currency?: string | null;
    readonly version?: number;
    readonly segment?: string | null;
    readonly campaign?: string | null;
    readonly content?: string | null;
    readonly fired?: readonly string[];
    readonly decisive?: readonly string[];
    readonly firstTouchDueAt?: number | null;
    readonly decisionDueAt?: number | null;
    readonly firstTouchAt?: number | null;
    readonly reason?: string | null;
    readonly reasonLabel?: string | null;
  },
): Promise<string> {
  const id = given.id ?? randomUUID();
  const decision = given.decision ?? null;
  const state =
    given.state ?? (decision === null ? 'open' : decision === 'accepted' ? 'accepted' : 'recycled');
  const decidedAt = decision === null ? null : (given.decidedAt ?? given.handedOffAt + DAY);
  const isOver = state !== 'open' && state !== 'accepted' && state !== 'opportunity';
  await insert(sql, 'episode', {
    id,
    contact_id: given.contactId,
    agreement_id: given.agreementId ?? 'core',
    version: given.version ?? 1,
    state,
    path: given.path ?? 'score',
    path_label: given.pathLabel ?? 'Fit and intent',
    total: given.total ?? 70,
    grade: 'A1',
    sentence: 'Fit and intent: Asked for a demo (+40).',
    breakdown: json(given.breakdown ?? {}),
    qualified_at: stamp(given.handedOffAt),
    handed_off_at: stamp(given.handedOffAt),
    owner_id: given.ownerId ?? null,
    team: given.team ?? null,
    waiting_for: given.waitingFor ?? null,
    routed_because: 'a test said so',
    source: given.source ?? null,
    opportunity_at: stampOrNull(given.opportunityAt ?? null),
    amount: given.amount ?? null,
    currency: given.currency ?? null,
    segment: given.segment ?? null,
    campaign: given.campaign ?? null,
    content: given.content ?? null,
    fired: given.fired ?? [],
    decisive: given.decisive ?? [],
    first_touch_due_at: stampOrNull(given.firstTouchDueAt ?? null),
    decision_due_at: stampOrNull(given.decisionDueAt ?? null),
    first_touch_at: stampOrNull(given.firstTouchAt ?? null),
    decision,
    decided_at: stampOrNull(decidedAt),
    reason: given.reason ?? null,
    reason_label: given.reasonLabel ?? null,
    ended_at: stampOrNull(given.endedAt ?? (isOver ? (decidedAt ?? given.handedOffAt) : null)),
  });
  return id;
}

/** Adds something that was done for an episode. */
export async function addActivity(
  sql: Sql,
  given: {
    readonly episodeId: string;
    readonly contactId: string;
    readonly at: number;
    readonly kind?: string;
    readonly note?: string | null;
  },
): Promise<void> {
  await insert(sql, 'activity', {
    id: randomUUID(),
    episode_id: given.episodeId,
    contact_id: given.contactId,
    kind: given.kind ?? 'call',
    at: stamp(given.at),
    actor: 'Bob Ray',
    note: given.note ?? null,
  });
}

/** Adds an event of a contact. */
export async function addEvent(
  sql: Sql,
  given: {
    readonly contactId: string;
    readonly at: number;
    readonly type?: string;
    readonly name?: string;
    readonly properties?: unknown;
    readonly machine?: string | null;
  },
): Promise<void> {
  const name = given.name ?? 'Demo Requested';
  await insert(sql, 'event', {
    contact_id: given.contactId,
    at: stamp(given.at),
    recorded_at: stamp(given.at),
    message_id: randomUUID(),
    type: given.type ?? 'track',
    name,
    name_key: name.toLowerCase(),
    properties: json(given.properties ?? {}),
    context: json({}),
    machine: given.machine ?? null,
  });
}

/** Adds a journal entry. */
export async function addEntry(
  sql: Sql,
  given: {
    readonly contactId: string;
    readonly at: number;
    readonly kind: string;
    readonly particulars?: unknown;
    readonly actor?: string;
  },
): Promise<void> {
  await insert(sql, 'journal', {
    kind: given.kind,
    contact_id: given.contactId,
    at: stamp(given.at),
    recorded_at: stamp(given.at),
    actor: given.actor ?? 'Bob Ray',
    particulars: json(given.particulars ?? {}),
  });
}

/** Adds an alert in the app. */
export async function addAlert(
  sql: Sql,
  given: {
    readonly userId: string;
    readonly at: number;
    readonly id?: string;
    readonly text?: string;
    readonly readAt?: number | null;
    readonly episodeId?: string | null;
  },
): Promise<string> {
  const id = given.id ?? randomUUID();
  await insert(sql, 'alert', {
    id,
    user_id: given.userId,
    at: stamp(given.at),
    label: 'New lead',
    text: given.text ?? 'Ann Lee asked for a demo',
    read_at: stampOrNull(given.readAt ?? null),
    episode_id: given.episodeId ?? null,
  });
  return id;
}

/** Empties every table that the builders fill. Deleting few rows is quicker than truncating. */
export async function clear(db: Database): Promise<void> {
  await empty(db, [
    'app_user',
    'agreement',
    'team',
    'company',
    'contact',
    'outbox',
    'webhook',
    'lane',
    'slack_thread',
    'exception',
  ]);
}
