import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

const ANSWER = {
  episode_id: 'uuid',
  question: 'text',
  label: 'text',
  value: 'jsonb?',
  is_unknown: 'bool',
  note: 'text?',
  at: 'timestamptz',
  actor: 'text',
  user_id: 'text?',
  revision: 'int4',
} as const;

/** An answer to a question about a lead. */
export type AnswerRow = RowOf<typeof ANSWER>;

const LIST = statement(
  'list_answers',
  ANSWER,
  `select episode_id, question, label, value, is_unknown, note, at, actor, user_id, revision
   from qualification_answer where episode_id = any($1::uuid[]) order by episode_id, question`,
);

/** Lists the answers of episodes, also those that were taken back. */
export function listAnswers(sql: Sql, episodeIds: readonly string[]): Promise<readonly AnswerRow[]> {
  return LIST.rows(sql, episodeIds);
}

const EARLIER = statement(
  'list_earlier_answers',
  ANSWER,
  `select distinct on (e.id, a.question) e.id as episode_id, a.question, a.label, a.value, a.is_unknown, a.note, a.at,
     a.actor, a.user_id, a.revision
   from episode e
     join episode past on past.contact_id = e.contact_id and past.handed_off_at < e.handed_off_at
     join qualification_answer a on a.episode_id = past.id and a.value is not null
   where e.id = any($1::uuid[]) order by e.id, a.question, past.handed_off_at desc, past.id`,
);

/** Lists, for each episode, the latest answer to each question in earlier episodes of its contact. */
export function listEarlierAnswers(sql: Sql, episodeIds: readonly string[]): Promise<readonly AnswerRow[]> {
  return EARLIER.rows(sql, episodeIds);
}

const SAVE = statement(
  'save_answers',
  {},
  `insert into qualification_answer as kept (episode_id, question, label, value, is_unknown, note, at, actor, user_id, revision)
   select $1, question, label, value, is_unknown, note, $2, $3, $4, 1
   from jsonb_to_recordset($5::jsonb) as new(question text, label text, value jsonb, is_unknown bool, note text)
   on conflict (episode_id, question) do update set label = excluded.label, value = excluded.value,
     is_unknown = excluded.is_unknown, note = excluded.note, at = excluded.at, actor = excluded.actor,
     user_id = excluded.user_id, revision = kept.revision + 1`,
);

/** Saves answers of an episode, each as its next revision; `at` in epoch ms. */
export async function saveAnswers(
  sql: Sql,
  answers: readonly {
    readonly question: string;
    readonly label: string;
    readonly value: unknown;
    readonly isUnknown: boolean;
    readonly note: string | null;
  }[],
  of: {
    readonly episodeId: string;
    readonly at: number;
    readonly actor: string;
    readonly userId: string | null;
  },
): Promise<void> {
  const rows = answers.map(({ question, label, value, isUnknown, note }) => ({
    ...{ question, label, value, is_unknown: isUnknown, note },
  }));
  await SAVE.rows(sql, of.episodeId, stamp(of.at), of.actor, of.userId, json(rows));
}

const DROP_TYPED = statement(
  'drop_typed_answers',
  { question: 'text', before: 'text?' },
  `delete from journal where kind = 'answered' and contact_id = $1 and episode_id = $2 and actor = $3 and at > $4
     and particulars ->> 'question' = any($5::text[])
   returning particulars ->> 'question' as question, particulars ->> 'before' as before`,
);

/**
 * Takes back what the journal says of answers that the same person gave since a time (epoch ms) and goes on writing; returns
 * what stood there before.
 */
export async function dropTyped(
  sql: Sql,
  of: {
    readonly contactId: string;
    readonly episodeId: string;
    readonly actor: string;
    readonly since: number;
    readonly questions: readonly string[];
  },
): Promise<ReadonlyMap<string, string | null>> {
  if (of.questions.length === 0) return new Map();
  const { contactId, episodeId, actor, since, questions } = of;
  const rows = await DROP_TYPED.rows(sql, contactId, episodeId, actor, stamp(since), questions);
  return new Map(rows.map(({ question, before }) => [question, before]));
}
