import { z } from 'zod';
import { stage } from '../../contract/api/contact.ts';
import { bagOf } from '../../core/contact/bag.ts';
import { setBag } from '../../core/contact/profile.ts';
import type { Refused } from '../../core/problem.ts';
import { checkClassing, checkCorrecting } from '../../core/routing/remit.ts';
import type { PrintedScore } from '../../core/scoring/print.ts';
import { csvLine } from '../../core/text/csv.ts';
import { oneLine } from '../../core/text/safe.ts';
import { uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull, LAST_INSTANT } from '../../core/time/instant.ts';
import {
  type ContactFilter,
  type ContactItemRow,
  type ContactPage,
  countContacts,
  listByCreation,
  listByName,
  listBySight,
  listByTotal,
  listIdentityRows,
  listUnscored,
  listValueRows,
} from '../../db/contact/contact.ts';
import { type Database, type Sql, stampOrNull } from '../../db/database.ts';
import { listHeldLeads } from '../../db/decision/episode.ts';
import { mustFindContact } from '../../loop/contact/contact.ts';
import { AppError } from '../../loop/error.ts';
import { reassignLeads } from '../../loop/followup/bulk.ts';
import { addByHand } from '../../loop/intake/contact.ts';
import { correctContact, correctContacts } from '../../loop/intake/correction.ts';
import { heldLead } from '../../loop/routing/remit.ts';
import { type AskedScore, isStorable } from '../../loop/scoring/asof.ts';
import { doing, findRemit } from '../handler/actor.ts';
import { readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Handlers, Request } from '../handler/handler.ts';
import { readPastInstant } from '../handler/query.ts';
import { loadEpisodesOf } from './episode.ts';
import type { explainContact } from './explanation.ts';
import { personOrNull } from './person.ts';
import { listTimeline } from './timeline.ts';

type Query = Parameters<Handler<'listContacts'>>[1]['query'];
type Sort = Query['sort'];

const position = z.object({
  sort: z.enum(['-total', 'name', '-createdAt', '-lastSeenAt', 'unscored']),
  value: z.string().nullable(),
  id: uuid,
});
type Position = z.output<typeof position>;

/** Lists contacts with where they stand under the leading agreement; those joined to others are left out. */
const listContacts: Handler<'listContacts'> = async ({ app, caller }, { query }) => {
  const after = readPosition(query);
  const filter = filterOf(query, caller);
  const [found, count] = await Promise.all([
    listPage(app.db, query.sort, { filter, after, limit: query.limit + 1 }),
    countContacts(app.db, filter),
  ]);
  const { page, last } = splitPage(found, query.limit);
  return {
    items: page.map(({ row }) => toItem(row)),
    nextCursor: last === null ? null : writeCursor(positionOf(last)),
    count,
  };
};

function filterOf(query: Omit<Query, 'limit' | 'cursor'>, caller: Request['caller']): ContactFilter {
  const q = oneLine(query.q ?? '', 200);
  return {
    q: q === '' ? null : q,
    stage: query.stage ?? null,
    ownerId: query.owner === 'me' ? (caller?.id ?? '') : (query.owner ?? null),
    grade: query.grade ?? null,
    minTotal: query.minTotal ?? null,
    source: query.source ?? null,
    campaign: query.campaign ?? null,
    segment: query.segment ?? null,
  };
}

/** How many contacts are read at a time for a file, so that none is too large for the memory. */
const FILE_PAGE = 500;

const FILE_HEAD = [
  'Name',
  'E-mail',
  'Title',
  'Company',
  'Stage',
  'Score',
  'Grade',
  'Owner',
  'Source',
  'Campaign',
  'Content',
  'Segment',
  'Created',
  'Last seen',
];

/** Answers with the contacts of a list as a file, read page by page while it is sent. */
export const getContactFile: Handler<'getContactFile'> = async ({ app, caller }, { query }) => ({
  name: 'contacts.csv',
  text: contactLines(app.db, { sort: query.sort, filter: filterOf(query, caller) }),
});

async function* contactLines(
  db: Database,
  { sort, filter }: { readonly sort: Sort; readonly filter: ContactFilter },
): AsyncGenerator<string> {
  yield csvLine(FILE_HEAD);
  let after: Position | null = null;
  do {
    const found: readonly Found[] = await listPage(db, sort, { filter, after, limit: FILE_PAGE + 1 });
    const { page, last } = splitPage(found, FILE_PAGE);
    yield page.map(({ row }) => contactLine(row)).join('');
    after = last === null ? null : positionOf(last);
  } while (after !== null);
}

function contactLine(row: ContactItemRow): string {
  const { name, email, title, company, total, grade, source, campaign, content, segment } = row;
  const seenAt = instantOrNull(row.last_seen_at);
  const cells = [
    name,
    email,
    title,
    company,
    row.stage,
    total,
    grade,
    row.owner_name,
    source,
    campaign,
    content,
    segment,
  ];
  return csvLine([...cells, formatInstant(row.created_at), seenAt].map(cell => cell ?? ''));
}

/** From how many of the newest contacts the values to choose from are read, and how many of a kind are offered. */
const VALUES_OF = 20_000;
const MOST_VALUES = 200;

/** Lists the sources, campaigns, segments and grades to choose from. */
export const listContactValues: Handler<'listContactValues'> = async ({ app }) => {
  const rows = await listValueRows(app.db, { of: VALUES_OF, most: MOST_VALUES });
  const of = (field: string) => rows.filter(row => row.field === field).map(({ value }) => value);
  return { sources: of('source'), campaigns: of('campaign'), segments: of('segment'), grades: of('grade') };
};

/** Adds a contact by hand. */
export const createContact: Handler<'createContact'> = async (request, { body }) => ({
  id: await addByHand(request.app, body, doing(request, 'createContact')),
});

/** Gives the leads of many contacts to somebody; answers with what became of each. */
export const giveContacts: Handler<'giveContacts'> = async (request, { body }) => {
  const { ownerId, note = null } = body;
  const contactIds = once(body.contactIds);
  const by = doing(request, 'giveContacts');
  return eachDone(contactIds, await reassignLeads(request.app, { contactIds, ownerId, note }, by));
};

/** Corrects the same fields of many contacts; answers with what became of each. */
export const correctMany: Handler<'correctContacts'> = async (request, { body }) => {
  const ids = once(body.contactIds);
  const by = doing(request, 'correctContacts');
  return eachDone(ids, await correctContacts(request.app, { ids, values: valuesOf(body.values) }, by));
};

/** Each id once, written as the database does. */
function once(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map(id => id.toLowerCase()))];
}

function eachDone(ids: readonly string[], refusals: ReadonlyMap<string, Refused>) {
  return {
    items: ids.map(id => {
      const refusal = refusals.get(id);
      if (refusal === undefined) return { id, status: 200, reason: null };
      return { id, status: new AppError(refusal.as, refusal.message).status, reason: refusal.message };
    }),
  };
}

function readPosition(query: Query): Position | null {
  const after = readCursor(query.cursor, position);
  const isOfThisList =
    after === null || after.sort === query.sort || (after.sort === 'unscored' && query.sort === '-total');
  if (isOfThisList && isReadable(after)) return after;
  throw new AppError('malformed', 'the cursor belongs to a list in another order', {
    problems: [{ path: 'query.cursor', message: 'expected the nextCursor of a list in this order' }],
  });
}

/** Whether the database can read the value of a position. */
function isReadable(after: Position | null): boolean {
  if (after === null || after.value === null) return after === null || after.sort !== 'name';
  if (after.sort === 'name') return !after.value.includes('\u0000');
  if (after.sort === '-total') return /^-?\d{1,9}$/.test(after.value);
  return after.sort !== 'unscored' && z.iso.datetime().safeParse(after.value).success;
}

/** A row and the part of the list that it came from. */
interface Found {
  readonly row: ContactItemRow;
  readonly sort: Position['sort'];
}

type Asked = Omit<ContactPage, 'after'> & { readonly after: Position | null };

async function listPage(sql: Sql, sort: Sort, page: Asked): Promise<readonly Found[]> {
  if (sort !== '-total') return listIn(sql, sort, page);
  const isPastScored = page.after?.sort === 'unscored';
  const scored = isPastScored ? [] : await listIn(sql, '-total', page);
  const limit = page.limit - scored.length;
  if (limit === 0) return scored;
  const after = isPastScored ? page.after : null;
  return [...scored, ...(await listIn(sql, 'unscored', { ...page, after, limit }))];
}

const LISTS = {
  '-total': listByTotal,
  unscored: listUnscored,
  name: listByName,
  '-createdAt': listByCreation,
  '-lastSeenAt': listBySight,
} as const;

async function listIn(sql: Sql, sort: Position['sort'], page: Asked): Promise<readonly Found[]> {
  const rows = await LISTS[sort](sql, page);
  return rows.map(row => ({ row, sort }));
}

function positionOf({ row, sort }: Found): Position {
  return { sort, value: keyOf(row, sort), id: row.id };
}

function keyOf(row: ContactItemRow, sort: Position['sort']): string | null {
  if (sort === 'name') return row.name_key;
  if (sort === '-total') return row.total === null ? null : String(row.total);
  if (sort === 'unscored') return null;
  return stampOrNull(sort === '-createdAt' ? row.created_at : row.last_seen_at);
}

const storedScores = z.record(z.string(), z.number()).catch({});

function toItem(row: ContactItemRow) {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    email: row.email,
    company: row.company,
    stage: stage.parse(row.stage),
    total: row.total,
    scores: storedScores.parse(row.scores),
    grade: row.grade,
    owner: personOrNull(row.owner_id, row.owner_name),
    source: row.source,
    campaign: row.campaign,
    content: row.content,
    segment: row.segment,
    openEpisodeId: row.open_episode_id,
    createdAt: formatInstant(row.created_at),
    lastSeenAt: instantOrNull(row.last_seen_at),
  };
}

/** Why it is not the caller's to correct a contact, and to say what made its events; null where it is. */
async function refusalsOf(request: Request, contactId: string) {
  const [leads, forEvents, forFields] = await Promise.all([
    listHeldLeads(request.app.db, contactId),
    findRemit(request, 'classEvent'),
    findRemit(request, 'updateContact'),
  ]);
  const held = leads.map(heldLead);
  const classRefused =
    forEvents === null
      ? 'Your role does not class events.'
      : (checkClassing(held, forEvents)?.message ?? null);
  const correctRefused =
    forFields === null ? 'Your role corrects nothing.' : (checkCorrecting(held, forFields)?.message ?? null);
  return { classRefused, correctRefused };
}

function valuesOf(body: Readonly<Record<string, string | null | undefined>>) {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The most identifiers that are shown: a browser that forgets its visitor makes one at every visit. */
const MAX_IDENTITIES = 200;
const identityKind = z.enum(['user', 'anonymous', 'email']);

/** Computes the score of a contact as of a time, from the facts known by a time; null when there is nothing to score. */
export type ScoreOf = (db: Database, asked: AskedScore) => Promise<PrintedScore | null>;

/** The handlers that read contacts; `scoreOf` is what computes a score, `explain` what says why it is what it is. */
export function makeContactHandlers({
  scoreOf,
  explain,
}: {
  readonly scoreOf: ScoreOf;
  readonly explain: typeof explainContact;
}): Pick<Handlers, 'listContacts' | 'getContact' | 'getContactScore' | 'listTimeline' | 'updateContact'> {
  return {
    listContacts,
    listTimeline,

    /** Corrects fields of a contact; answers with its id. */
    updateContact: async (request, { params, body }) => ({
      id: await correctContact(request.app, params.id, valuesOf(body), doing(request, 'updateContact')),
    }),

    /** Answers with a contact; one that was joined to another answers with that other. */
    getContact: async (request, { params }) => {
      const { app, now } = request;
      const row = await mustFindContact(app.db, params.id);
      const [explained, episodes, identities] = await Promise.all([
        explain(app.db, { contactId: row.id, at: now }),
        loadEpisodesOf(request, row.id),
        listIdentityRows(app.db, row.id, MAX_IDENTITIES),
      ]);
      const notScored = { id: row.id, at: formatInstant(now), applies: false as const, nextChangeAt: null };
      return {
        ...toItem(row),
        contact: { ...bagOf(row.contact) },
        companyProfile: { ...setBag(bagOf(row.company_part), bagOf(row.company_traits)) },
        unverified: [...row.unverified],
        firstMqlAt: instantOrNull(row.first_mql_at),
        score: explained?.score ?? notScored,
        sentence: explained?.sentence ?? null,
        topLines: [...(explained?.topLines ?? [])],
        missing: explained?.missing ?? null,
        unreadable: [...(explained?.unreadable ?? [])],
        episodes,
        identities: identities.map(({ kind, value }) => ({ kind: identityKind.parse(kind), value })),
        ...(await refusalsOf(request, row.id)),
      };
    },

    /** Answers with the score as of any time, as known at any time, under any version. */
    getContactScore: async ({ app, now }, { params, query }) => {
      const at = readPastInstant(query, 'at') ?? now;
      const knownAt = readPastInstant(query, 'knownAt') ?? LAST_INSTANT;
      const { agreement: agreementId = null, version = null } = query;
      await mustFindContact(app.db, params.id);
      const asked = { contactId: params.id, at, knownAt, agreementId, version };
      const score = isStorable(version) ? await scoreOf(app.db, asked) : null;
      if (score === null) throw new AppError('notFound', 'there is no such agreement or version');
      return score;
    },
  };
}
