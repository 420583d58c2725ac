import { json, type Sql, stamp, statement } from '../database.ts';

const ACTIVE = statement(
  'load_active_versions',
  { id: 'text', version: 'int4', hands_over: 'bool' },
  `select id, active_version as version, hands_over from agreement where active_version is not null order by created_at, id`,
);

/** Which version of each agreement is active, and whether those that it makes qualify are handed over; the first one leads. */
export function loadActiveVersions(sql: Sql) {
  return ACTIVE.rows(sql);
}

const HEADS = statement(
  'list_agreement_heads',
  {
    id: 'text',
    name: 'text',
    active_version: 'int4?',
    version: 'int4',
    created_at: 'timestamptz',
    activated_at: 'timestamptz?',
    created_by: 'text',
  },
  `select a.id, a.name, a.active_version, v.version, v.created_at, v.activated_at, v.created_by
   from agreement a join agreement_version v on v.agreement_id = a.id
   order by a.active_version is null, a.created_at, a.id, v.version desc`,
);

/** Every version of every agreement without its text: active agreements first, in the order in which they lead. */
export function listAgreementHeads(sql: Sql) {
  return HEADS.rows(sql);
}

const VERSION = statement(
  'load_agreement_version',
  {
    id: 'text',
    name: 'text',
    version: 'int4',
    source: 'text',
    body: 'json',
    created_at: 'timestamptz',
    activated_at: 'timestamptz?',
    created_by: 'text',
  },
  `select a.id, a.name, v.version, v.source, v.body, v.created_at, v.activated_at, v.created_by
   from agreement a join agreement_version v on v.agreement_id = a.id
   where a.id = $1 and v.version = $2`,
);

/** One version of an agreement with its text; null when there is none. */
export function loadVersion(sql: Sql, id: string, version: number) {
  return VERSION.first(sql, id, version);
}

const SAVE_HEAD = statement(
  'save_agreement',
  {},
  `insert into agreement (id, name, created_at) values ($1, $2, $3)
   on conflict (id) do update set name = excluded.name`,
);

const SAVE_VERSION = statement(
  'save_agreement_version',
  { version: 'int4', is_new: 'bool' },
  `with same as (
     select max(version) as version from agreement_version where agreement_id = $1 and source = $2
   ), added as (
     insert into agreement_version (agreement_id, version, source, body, created_at, created_by)
     select $1, coalesce((select max(version) from agreement_version where agreement_id = $1), 0) + 1, $2, $3, $4, $5
     from same where same.version is null
     returning version
   )
   select version, true as is_new from added
   union all select version, false from same where version is not null`,
);

/** A version to keep: the text of its file and the same as plain data. */
interface NewVersion {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly body: unknown;
  readonly createdBy: string;
  readonly now: number;
}

/**
 * Keeps a version of an agreement under the next number; the text of a version that is kept already gives that one.
 * To be called in a transaction: the agreement stays locked until it ends, so that numbers have no race.
 */
export async function saveAgreementVersion(
  sql: Sql,
  version: NewVersion,
): Promise<{ readonly id: string; readonly version: number; readonly isNew: boolean }> {
  const { id, name, source, body, createdBy, now } = version;
  await SAVE_HEAD.rows(sql, id, name, stamp(now));
  const saved = await SAVE_VERSION.first(sql, id, source, json(body), stamp(now), createdBy);
  if (saved === null) throw new Error(`a version of agreement ${id} was neither found nor added`);
  return { id, version: saved.version, isNew: saved.is_new };
}

const ACTIVATE = statement(
  'activate_agreement_version',
  { version: 'int4' },
  `with chosen as (
     update agreement_version set activated_at = $3 where agreement_id = $1 and version = $2 returning version
   )
   update agreement set active_version = chosen.version, hands_over = $4 from chosen where agreement.id = $1
   returning chosen.version`,
);

/**
 * Makes a version the active one of its agreement; false when there is no such version. With `handsOver` those that it
 * makes qualify are handed over; else they are left until something happens.
 */
export async function activateVersion(
  sql: Sql,
  of: {
    readonly id: string;
    readonly version: number;
    readonly now: number;
    readonly handsOver?: boolean;
  },
): Promise<boolean> {
  return (await ACTIVATE.first(sql, of.id, of.version, stamp(of.now), of.handsOver ?? false)) !== null;
}
