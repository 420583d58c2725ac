import { formatRecipient, type Recipient } from '../../core/delivery/recipient.ts';
import { type Sql, stamp, statement } from '../database.ts';

const PEOPLE = statement(
  'load_slack_people',
  { user_id: 'text', email: 'text', slack_id: 'text?', looked_up_at: 'timestamptz?' },
  `select u.id as user_id, u.email, s.slack_id, s.looked_up_at
   from app_user u left join slack_person s on s.user_id = u.id and s.email = u.email
   where u.id = any($1::text[])`,
);

/** People's addresses, and who they are in Slack as far as that is known. */
export function loadSlackPeople(sql: Sql, userIds: readonly string[]) {
  return PEOPLE.rows(sql, userIds);
}

const SAVE_PERSON = statement(
  'save_slack_person',
  {},
  `insert into slack_person (user_id, email, slack_id, looked_up_at) values ($1, $2, $3, $4)
   on conflict (user_id) do update set email = excluded.email, slack_id = excluded.slack_id, looked_up_at = excluded.looked_up_at`,
);

/** Remembers who a person is in Slack; null for nobody there with this address. */
export async function saveSlackPerson(
  sql: Sql,
  person: {
    readonly userId: string;
    readonly email: string;
    readonly slackId: string | null;
    readonly now: number;
  },
): Promise<void> {
  await SAVE_PERSON.rows(sql, person.userId, person.email, person.slackId, stamp(person.now));
}

const THREADS = statement(
  'load_slack_threads',
  { id: 'uuid', ts: 'text', channel: 'text' },
  `select asked.id, t.ts, t.channel from slack_thread t
   join unnest($1::uuid[], $2::uuid[], $3::text[]) as asked(id, episode_id, recipient)
     on asked.episode_id = t.episode_id and asked.recipient = t.recipient`,
);

/** Finds for messages, by their ids, the first message of the same episode at the same recipient: their thread. */
export function loadSlackThreads(
  sql: Sql,
  asked: readonly { readonly id: string; readonly episodeId: string; readonly recipient: Recipient }[],
) {
  return THREADS.rows(
    sql,
    asked.map(({ id }) => id),
    asked.map(({ episodeId }) => episodeId),
    asked.map(({ recipient }) => formatRecipient(recipient)),
  );
}

const SAVE_THREAD = statement(
  'save_slack_thread',
  {},
  `insert into slack_thread (episode_id, recipient, ts, channel, created_at) values ($1, $2, $3, $4, $5)
   on conflict (episode_id, recipient) do nothing`,
);

/** Remembers the first message of an episode at a recipient. */
export async function saveSlackThread(
  sql: Sql,
  thread: {
    readonly episodeId: string;
    readonly recipient: Recipient;
    readonly ts: string;
    readonly channel: string;
    readonly now: number;
  },
): Promise<void> {
  const { episodeId, recipient, ts, channel, now } = thread;
  await SAVE_THREAD.rows(sql, episodeId, formatRecipient(recipient), ts, channel, stamp(now));
}

const FORGET_THREAD = statement(
  'forget_slack_thread',
  {},
  'delete from slack_thread where episode_id = $1 and recipient = $2',
);

/** Forgets a thread whose first message is gone. */
export async function forgetSlackThread(
  sql: Sql,
  thread: { readonly episodeId: string; readonly recipient: Recipient },
): Promise<void> {
  await FORGET_THREAD.rows(sql, thread.episodeId, formatRecipient(thread.recipient));
}
