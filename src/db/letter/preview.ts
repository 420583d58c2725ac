import { json, type Sql, stamp, statement } from '../database.ts';

const CONTACT = {
  id: 'uuid',
  name: 'text',
  email: 'text?',
  contact: 'jsonb',
  company_part: 'jsonb',
  company_name: 'text?',
  company_traits: 'jsonb?',
  owner_id: 'text?',
} as const;

const FIND_CONTACT = statement(
  'find_letter_contact',
  CONTACT,
  `select c.id, c.name, c.email, c.contact, c.company_part, c.company_name, k.traits as company_traits,
     (select s.owner_id from standing s where s.contact_id = c.id and s.owner_id is not null order by s.agreement_id limit 1)
       as owner_id
   from contact c left join company k on k.id = c.company_id
   where c.merged_into is null and case when $1::uuid is null then c.email is not null else c.id = $1 end
   order by c.last_seen_at desc nulls last, c.id limit 1`,
);

/** Finds a contact to fill templates in for: by its id, or for null one with an address that was seen lately. */
export function findLetterContact(sql: Sql, id: string | null) {
  return FIND_CONTACT.first(sql, id);
}

const ENQUEUE_TEST = statement(
  'enqueue_test_letter',
  {},
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at)
   values ($1, 'email', $2, $3, $4, 'waiting', $5, $5, $5)`,
);

/** Promises a letter that is a test, to one of us: all that it says is in its message. */
export async function enqueueTestLetter(
  sql: Sql,
  of: {
    readonly id: string;
    readonly recipient: string;
    readonly subject: string;
    readonly content: unknown;
    readonly now: number;
  },
): Promise<void> {
  await ENQUEUE_TEST.rows(sql, of.id, of.recipient, of.subject, json(of.content), stamp(of.now));
}
