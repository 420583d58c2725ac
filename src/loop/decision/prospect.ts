import type { EpisodeState } from '../../core/contact/episode.ts';
import { groupBy } from '../../core/contact/group.ts';
import {
  type KeptOpportunity,
  keptOpportunity,
  printOpportunity,
} from '../../core/opportunity/opportunity.ts';
import { type PipelineStage, pipelineOf } from '../../core/opportunity/pipeline.ts';
import type { Opportunity } from '../../core/opportunity/shape.ts';
import type { KeptAnswer } from '../../core/qualification/change.ts';
import { missingProblems, missingWords, unsatisfied } from '../../core/qualification/missing.ts';
import { printQualification } from '../../core/qualification/print.ts';
import { type Question, questionsOf, type SqlTerms } from '../../core/qualification/question.ts';
import { answerValue, type Qualification } from '../../core/qualification/shape.ts';
import type { Database, Sql } from '../../db/database.ts';
import { listOpportunities, type OpportunityRow } from '../../db/opportunity/opportunity.ts';
import { type AnswerRow, listAnswers, listEarlierAnswers } from '../../db/qualification/answer.ts';
import { findAgreement } from '../agreement/active.ts';
import { AppError } from '../error.ts';

/** An episode as far as its questions and its opportunity go. */
export interface Promising {
  readonly id: string;
  readonly agreement_id: string;
  readonly version: number;
  /** What sent the lead to another team; then sales asks nothing. */
  readonly disqualifier: string | null;
  readonly state: EpisodeState;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly ended_at: number | null;
  readonly contact_name: string;
  readonly contact_company: string | null;
}

/** What is asked about a lead, and what was answered. */
export interface AskedLead {
  readonly questions: readonly Question[];
  readonly answers: readonly KeptAnswer[];
}

/** The questions of an episode by the version of its handoff, and its answers; without questions where nothing is asked. */
export async function loadAsked(
  sql: Sql,
  db: Database,
  episode: Pick<Promising, 'id' | 'agreement_id' | 'version' | 'disqualifier'>,
): Promise<AskedLead> {
  const terms = await termsOf(sql, db, episode);
  if (terms === undefined || episode.disqualifier !== null) return { questions: [], answers: [] };
  const answers = await listAnswers(sql, [episode.id]);
  return { questions: questionsOf(terms), answers: answers.map(keptAnswer) };
}

/** The stages of an episode's opportunity, by the version of its handoff. */
export async function loadPipeline(
  sql: Sql,
  db: Database,
  episode: Pick<Promising, 'agreement_id' | 'version'>,
): Promise<readonly PipelineStage[]> {
  return pipelineOf(await termsOf(sql, db, episode));
}

async function termsOf(
  sql: Sql,
  db: Database,
  { agreement_id: id, version }: Pick<Promising, 'agreement_id' | 'version'>,
): Promise<SqlTerms | undefined> {
  const running = await findAgreement(sql, db, { id, version });
  return running?.program.agreement.practice.sql;
}

/** Refuses to accept a lead while a required answer is missing, naming all that are. */
export function mustBeAnswered({ questions, answers }: AskedLead): void {
  const missing = unsatisfied(questions, answers);
  if (missing.length === 0) return;
  const words = missingWords(missing.map(({ label }) => label));
  throw new AppError('invalid', words, { problems: missingProblems(missing) });
}

/** What the API says of the questions and the opportunity of an episode. */
export interface Prospect {
  readonly qualification: Qualification | null;
  readonly opportunity: Opportunity | null;
}

/** Loads what the API says of the questions and opportunities of episodes, by their id. */
export async function loadProspects(
  db: Database,
  episodes: readonly Promising[],
): Promise<ReadonlyMap<string, Prospect>> {
  const ids = episodes.map(({ id }) => id);
  const [answers, earlier, opportunities] = await Promise.all([
    listAnswers(db, ids),
    listEarlierAnswers(db, ids),
    listOpportunities(db, ids),
  ]);
  const answersOf = groupBy(answers, row => row.episode_id);
  const earlierOf = groupBy(earlier, row => row.episode_id);
  const deals = new Map(opportunities.map(row => [row.episode_id, row]));
  const prospects = new Map<string, Prospect>();
  for (const episode of episodes) {
    const { id, state, disqualifier, ended_at: endedAt } = episode;
    const terms = await termsOf(db, db, episode);
    const pipeline = pipelineOf(terms);
    const isAsked = terms !== undefined && disqualifier === null;
    prospects.set(id, {
      qualification: isAsked
        ? printQualification(
            terms,
            (answersOf.get(id) ?? []).map(keptAnswer),
            (earlierOf.get(id) ?? []).map(keptAnswer),
          )
        : null,
      opportunity: printOpportunity(
        { state, opportunity: keptDeal(episode, deals.get(id) ?? null, pipeline) },
        pipeline,
        endedAt,
      ),
    });
  }
  return prospects;
}

/** The opportunity of an episode as it is kept here, or as an import left it. */
export function keptDeal(
  episode: Pick<Promising, 'state' | 'amount' | 'currency' | 'contact_name' | 'contact_company'>,
  row: OpportunityRow | null,
  pipeline: readonly PipelineStage[],
): KeptOpportunity | null {
  const { state, amount, currency, contact_company: company, contact_name: name } = episode;
  const kept =
    row === null
      ? null
      : {
          name: row.name,
          stage: row.stage,
          stageBefore: row.stage_before,
          expectedCloseAt: row.expected_close_at,
          reason: row.reason,
          openedAt: row.opportunity_at,
          movedAt: row.moved_at,
        };
  return keptOpportunity({ state, amount, currency, contact: company ?? name }, kept, pipeline);
}

function keptAnswer(row: AnswerRow): KeptAnswer {
  return {
    question: row.question,
    label: row.label,
    value: answerValue.nullable().catch(null).parse(row.value),
    isUnknown: row.is_unknown,
    note: row.note,
    at: row.at,
    actor: row.actor,
    userId: row.user_id,
    revision: row.revision,
  };
}
