import { type Sql, stamp, statement } from '../database.ts';

const LOAD = statement(
  'load_group_firms',
  { group_id: 'text?', is_open: 'bool', contact_id: 'uuid?', name: 'text?', domain: 'text?' },
  `select asked.group_id,
     exists (select from exception x where x.subject = asked.subject and x.closed_at is null) as is_open,
     said.contact_id, said.name, said.domain
   from unnest($1::text[], $2::text[]) as asked(group_id, subject)
   left join lateral (
     select contact_id, name, domain, recorded_at, firm from group_firm
     where group_id = asked.group_id and recorded_at > $3 order by recorded_at, firm) said on true
   union all
   select null, false, id, null, contact ->> 'emailDomain' from contact
   where id = any($4::uuid[]) and contact ->> 'emailKind' = 'business' and contact ->> 'emailDomain' is not null`,
);

/** What is known of group ids and of the contacts that calls with them are about. */
interface KnownFirms {
  /** The companies that were named by each id, the earliest first, and whether people look into the id already. */
  readonly groups: readonly {
    readonly groupId: string;
    readonly isOpen: boolean;
    readonly said: {
      readonly contactId: string;
      readonly name: string | null;
      readonly domain: string | null;
    } | null;
  }[];
  /** The domains of the business addresses of contacts. */
  readonly domains: ReadonlyMap<string, string>;
}

/** Loads the companies that group ids have named since an instant, a row of each id at least, and the domains of contacts. */
export async function loadGroupFirms(
  sql: Sql,
  asked: {
    readonly groups: readonly { readonly groupId: string; readonly subject: string }[];
    readonly contactIds: readonly string[];
    readonly since: number;
  },
): Promise<KnownFirms> {
  const rows = await LOAD.rows(
    sql,
    asked.groups.map(({ groupId }) => groupId),
    asked.groups.map(({ subject }) => subject),
    stamp(asked.since),
    asked.contactIds,
  );
  return {
    groups: rows.flatMap(({ group_id: groupId, is_open: isOpen, contact_id: contactId, name, domain }) => {
      if (groupId === null) return [];
      return [{ groupId, isOpen, said: contactId === null ? null : { contactId, name, domain } }];
    }),
    domains: new Map(
      rows.flatMap(({ group_id, contact_id, domain }) =>
        group_id !== null || contact_id === null || domain === null ? [] : [[contact_id, domain]],
      ),
    ),
  };
}

/** What a group call said of its company; `firm` tells companies of one id apart. */
export interface NewGroupFirm {
  readonly groupId: string;
  readonly firm: string;
  readonly name: string | null;
  readonly domain: string | null;
  readonly contactId: string;
  readonly recordedAt: number;
}

const SAVE = statement(
  'save_group_firms',
  {},
  `insert into group_firm (group_id, firm, name, domain, contact_id, recorded_at)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])
   on conflict (group_id, firm) do update set name = excluded.name, domain = excluded.domain, contact_id = excluded.contact_id,
     recorded_at = excluded.recorded_at`,
);

/** Keeps which companies group ids named; one that was named long ago is named anew. */
export async function saveGroupFirms(sql: Sql, said: readonly NewGroupFirm[]): Promise<void> {
  if (said.length === 0) return;
  await SAVE.rows(
    sql,
    said.map(({ groupId }) => groupId),
    said.map(({ firm }) => firm),
    said.map(({ name }) => name),
    said.map(({ domain }) => domain),
    said.map(({ contactId }) => contactId),
    said.map(({ recordedAt }) => stamp(recordedAt)),
  );
}

const FORGET = statement('forget_group_firms', {}, 'delete from group_firm where group_id = any($1::text[])');

/** Forgets which companies group ids named: they are counted anew. */
export async function forgetGroupFirms(sql: Sql, groupIds: readonly string[]): Promise<void> {
  if (groupIds.length > 0) await FORGET.rows(sql, groupIds);
}
