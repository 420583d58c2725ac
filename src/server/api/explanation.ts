import { changesBetween } from '../../core/explanation/change.ts';
import { missingOf } from '../../core/explanation/missing.ts';
import { sentenceOf, topLines } from '../../core/explanation/sentence.ts';
import type { Missing, Unreadable } from '../../core/explanation/shape.ts';
import { printCourse, scoreCourse } from '../../core/explanation/trend.ts';
import { unreadableNumbers, unreadablePhones } from '../../core/explanation/unreadable.ts';
import type { KnownEvent, View } from '../../core/explanation/view.ts';
import { profileAt } from '../../core/scoring/facts.ts';
import { type PrintedScore, printLine, printScore, type ScoreLine } from '../../core/scoring/print.ts';
import type { Program } from '../../core/scoring/program.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import type { Database } from '../../db/database.ts';
import { mustFindContact } from '../../loop/contact/contact.ts';
import { AppError } from '../../loop/error.ts';
import { findVersion, isStorable, loadPast } from '../../loop/scoring/asof.ts';
import { type Past, standingOf } from '../../loop/scoring/past.ts';
import type { Handler } from '../handler/handler.ts';
import { readPastInstant } from '../handler/query.ts';

/** A score with why it is what it is; nothing is said where the agreement does not score the contact. */
interface Explanation {
  readonly score: PrintedScore;
  readonly sentence: string | null;
  readonly topLines: readonly ScoreLine[];
  readonly missing: Missing | null;
  readonly unreadable: readonly Unreadable[];
}

/** Explains the score of a contact under the leading agreement as it is known now; null without an agreement. */
export async function explainContact(
  db: Database,
  asked: { readonly contactId: string; readonly at: number },
): Promise<Explanation | null> {
  const { contactId, at } = asked;
  const found = await findVersion(db, null, null);
  if (found === null) return null;
  const { program } = found;
  const past = await loadPast(db, contactId, { program, knownAt: LAST_INSTANT });
  const { score, nextChangeAt } =
    past === undefined
      ? { score: { applies: false } as const, nextChangeAt: null }
      : standingOf(program, past, at);
  const printed = printScore({ id: past?.id ?? contactId, at, score, nextChangeAt });
  const profile = profileAt(past?.timeline.versions ?? [], at);
  const unreadable = [...unreadableNumbers(program, profile), ...unreadablePhones(profile)];
  if (past === undefined || !score.applies)
    return { score: printed, sentence: null, topLines: [], missing: null, unreadable };
  const { agreement } = program;
  const createdAt = past.createdBy(at) ?? at;
  const lead = { program, agreement, profile, score, createdAt, at, events: past.events };
  return {
    score: printed,
    sentence: sentenceOf(lead),
    topLines: topLines(score.lines).map(printLine),
    missing: missingOf(lead),
    unreadable,
  };
}

type Query = { readonly agreement?: string | undefined; readonly version?: number | undefined };

async function mustFindProgram(db: Database, query: Query): Promise<Program> {
  const { agreement = null, version = null } = query;
  const found = isStorable(version) ? await findVersion(db, agreement, version) : null;
  if (found === null) throw new AppError('notFound', 'there is no such agreement or version');
  return found.program;
}

/** Answers with what changed in a contact's score since a time, line by line with what did it. */
export const getContactChanges: Handler<'getContactChanges'> = async ({ app, now }, { params, query }) => {
  const since = readPastInstant(query, 'since');
  const until = readPastInstant(query, 'until') ?? now;
  if (since === null || since > until) throw wrongRange('since', 'until');
  const row = await mustFindContact(app.db, params.id);
  const program = await mustFindProgram(app.db, query);
  const past = await loadPast(app.db, row.id, { program, knownAt: LAST_INSTANT });
  const [from, to] = [viewOf(program, past, since), viewOf(program, past, until)];
  const events = (past?.events ?? []).filter(({ at }) => at > since && at <= until);
  return changesBetween(from, to, events.map(toldOf));
};

function wrongRange(from: 'since' | 'from', to: 'until' | 'to'): AppError {
  return new AppError('invalid', `${from} lies after ${to}; expected ${from} to be at or before ${to}`, {
    problems: [{ path: `query.${from}`, message: `expected an instant at or before ${to}` }],
  });
}

function viewOf(program: Program, past: Past | undefined, at: number): View {
  if (past === undefined)
    return { program, profile: { contact: {}, company: {} }, history: [], createdAt: null, at };
  const { versions, history } = past.timeline;
  return { program, profile: profileAt(versions, at), history, createdAt: past.createdBy(at), at };
}

function toldOf({ id, at, written, properties, context }: Past['events'][number]): KnownEvent {
  return { id: String(id), at, name: written, properties, context };
}

/** The most steps of a course: more than a chart has points across. */
const MAX_STEPS = 400;
/** How far back a course goes when nobody says: a year. */
const YEAR_MS = 365 * DAY_MS;

/** Answers with a contact's score over time, each step with what made it. */
export const getContactCourse: Handler<'getContactCourse'> = async ({ app, now }, { params, query }) => {
  const to = readPastInstant(query, 'to') ?? now;
  const asked = readPastInstant(query, 'from');
  if (asked !== null && asked > to) throw wrongRange('from', 'to');
  const row = await mustFindContact(app.db, params.id);
  const program = await mustFindProgram(app.db, query);
  const past = await loadPast(app.db, row.id, { program, knownAt: LAST_INSTANT });
  const from = asked ?? Math.min(to, Math.max(to - YEAR_MS, past?.timeline.createdAt ?? 0));
  const timeline = past?.timeline ?? { createdAt: Number.POSITIVE_INFINITY, versions: [], history: [] };
  return printCourse(scoreCourse(program, timeline, { from, to, most: MAX_STEPS }), { from, to });
};
