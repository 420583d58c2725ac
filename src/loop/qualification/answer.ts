import { isOver } from '../../core/contact/episode.ts';
import { entry } from '../../core/contact/journal.ts';
import { type AnswerValue, replyWords } from '../../core/qualification/answer.ts';
import {
  type AnswersDecided,
  changeAnswers,
  isBy,
  type SaidAnswer,
} from '../../core/qualification/change.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { dropTyped, saveAnswers } from '../../db/qualification/answer.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts } from '../app.ts';
import { aboutEpisode, episodeFacts, type LoadedEpisode, mustLoad } from '../decision/episode.ts';
import { type AskedLead, loadAsked } from '../decision/prospect.ts';
import { AppError, refusalOf } from '../error.ts';

/** How long somebody goes on writing at one answer: the journal tells of the last of it, in ms. */
const WRITING_MS = 10 * 60_000;

/**
 * Saves answers about a lead, all of them or none; refusals are thrown as AppErrors, and so is what somebody else answered
 * meanwhile, with both answers.
 */
export async function answerLead(
  app: App,
  id: string,
  said: Readonly<Record<string, SaidAnswer>>,
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const { state } = episodeFacts(loaded);
    if (isOver(state))
      throw new AppError('conflict', `the lead is ${state}; what was found out stays as it is`);
    const asked = await loadAsked(sql, app.db, loaded);
    if (asked.questions.length === 0)
      throw new AppError('conflict', 'the agreement asks nothing about this lead');
    const who = { actor: by.actor, userId: by.userId ?? null };
    const changes = allowedChanges(changeAnswers(asked.questions, asked.answers, said, who));
    if (changes.length === 0) return null;
    await saveAnswers(sql, changes, { episodeId: id, at: by.now, ...who });
    await note(sql, loaded, { changes, asked, by });
    return loaded.contact_id;
  });
  if (contactId !== null) announceContacts(app.hub, [contactId]);
}

type Changes = Extract<AnswersDecided, { readonly kind: 'done' }>['changes'];

function allowedChanges(decided: AnswersDecided): Changes {
  if (decided.kind === 'done') return decided.changes;
  if (decided.kind === 'invalid') throw refusalOf('invalid', decided.problems);
  const { problems, conflicts } = decided;
  const detail = problems.map(({ message }) => message).join('; ');
  throw new AppError('conflict', detail, { problems, conflicts });
}

/** Writes what changed into the journal; who goes on writing at an answer leaves one entry. */
async function note(
  sql: Sql,
  loaded: LoadedEpisode,
  { changes, asked, by }: { readonly changes: Changes; readonly asked: AskedLead; readonly by: Doing },
): Promise<void> {
  const since = by.now - WRITING_MS;
  const who = { actor: by.actor, userId: by.userId ?? null };
  const written = asked.answers.filter(answer => answer.at > since && isBy(answer, who));
  const questions = changes
    .filter(({ before }) => before !== null && written.includes(before))
    .map(({ question }) => question);
  const of = { contactId: loaded.contact_id, episodeId: loaded.id, actor: by.actor, since, questions };
  const typed = await dropTyped(sql, of);
  const entries = changes.map(({ question, label, value, isUnknown: unknown, note: about, before }) => {
    const first = typed.get(question);
    const was = first === undefined ? wordsOf(before) : first;
    const particulars = { question, label, value: value === null ? null : replyWords(value) };
    return entry('answered', { ...particulars, unknown, note: about, before: was }, aboutEpisode(loaded, by));
  });
  await addJournal(sql, entries);
}

function wordsOf(
  answer: { readonly value: AnswerValue | null; readonly isUnknown: boolean } | null,
): string | null {
  if (answer === null) return null;
  if (answer.isUnknown) return 'Unknown';
  return answer.value === null ? null : replyWords(answer.value);
}
