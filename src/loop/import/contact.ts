import { createHash } from 'node:crypto';
import type { ContactLine } from '../../core/import/line.ts';
import type { Call } from '../../core/intake/call.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { loadDescribed, loadImportedFacts, lockImports } from '../../db/import/import.ts';
import { loadRelied } from '../contact/identity.ts';
import { takeIn } from '../intake/intake.ts';
import type { ImportRow, ImportWork, RefusedImport, TakenRows } from './row.ts';

interface ContactRow {
  readonly line: number;
  readonly contact: ContactLine;
  readonly hash: string;
}

/** The rows of a contacts file while it is read. */
interface ContactRows {
  readonly take: (rows: readonly ImportRow[]) => Promise<TakenRows>;
  /** Takes the rows that say again what was said before something else, unless the file itself says that later. */
  readonly finish: () => Promise<TakenRows>;
}

/**
 * Begins to take rows of contacts. A row is known when the last import that spoke of the contact said the same, so that
 * a file read twice changes nothing. One that goes back to what an earlier file said waits for the end: the newer word
 * may stand further down in this very file.
 */
export function openContactRows(work: ImportWork): ContactRows {
  const waiting = new Map<string, ContactRow>();
  const run = (rows: readonly ContactRow[], isEnd: boolean) =>
    rows.length === 0
      ? Promise.resolve(0)
      : work.app.db.transaction(sql => takeRows(sql, work, { rows, waiting, isEnd }));
  return {
    take: async rows => {
      const now = work.app.clock();
      const refused: RefusedImport[] = [];
      const usable: ContactRow[] = [];
      for (const { line, result } of rows) {
        if (result.kind !== 'contact') continue;
        if (result.at === null || result.at <= now)
          usable.push({ line, contact: result, hash: hashOf(result) });
        else refused.push({ line, reason: `at: ${formatInstant(result.at)} lies in the future` });
      }
      return { taken: await run(usable, false), refused };
    },
    finish: async () => ({ taken: await run([...waiting.values()], true), refused: [] }),
  };
}

function hashOf({ contactId, email, createdAt, at, contact, company }: ContactLine): string {
  const content = JSON.stringify([contactId, email, createdAt, at, contact, company]);
  return createHash('sha256').update(content).digest('base64url');
}

async function takeRows(
  sql: Sql,
  work: ImportWork,
  of: {
    readonly rows: readonly ContactRow[];
    readonly waiting: Map<string, ContactRow>;
    readonly isEnd: boolean;
  },
): Promise<number> {
  const { app, batchId } = work;
  await lockImports(sql);
  const now = app.clock();
  const book = await openBook(sql, of.rows, batchId);
  const calls: Call[] = [];
  for (const row of of.rows) {
    const who = book.whoIs(row.contact);
    const place = `${who}\u0000${row.contact.at ?? ''}`;
    const said = book.said(place);
    if (said.at(-1) === row.hash) of.waiting.delete(place);
    else if (!of.isEnd && said.includes(row.hash)) of.waiting.set(place, row);
    else {
      of.waiting.delete(place);
      book.say(place, row.hash);
      calls.push(callOf(row, { now, isDescribed: book.isDescribed(who) }));
    }
  }
  const done = await takeIn(sql, app, calls, { now, batchId, opens: 'later' });
  work.touch(done.contactIds);
  return calls.length;
}

/** What imports have said so far of the contacts that some rows are about. */
async function openBook(sql: Sql, rows: readonly ContactRow[], batchId: string) {
  const known = await loadRelied(sql, rows.flatMap(identitiesOf));
  const owner = new Map(known.map(({ kind, value, contact_id }) => [`${kind}\u0000${value}`, contact_id]));
  const ids = [...new Set(owner.values())];
  const described = await loadDescribed(sql, ids, batchId);
  const words = new Map<string, string[]>();
  const say = (place: string, hash: string) => {
    const said = words.get(place);
    if (said === undefined) words.set(place, [hash]);
    else said.push(hash);
  };
  for (const { contact_id, at, mode, message_id } of await loadImportedFacts(sql, ids)) {
    say(`${contact_id}\u0000${mode === 'replace' ? (at ?? '') : ''}`, message_id.slice(ROW_HEAD));
  }
  return {
    /** The contact of a row: its id where there is one, else the name by which it will be made. */
    whoIs: ({ contactId, email }: ContactLine): string => {
      const names = [
        ...(contactId === null ? [] : [`user\u0000${contactId}`]),
        ...(email === null ? [] : [`email\u0000${email}`]),
      ];
      return names.map(name => owner.get(name)).find(id => id !== undefined) ?? names[0] ?? '';
    },
    said: (place: string): readonly string[] => words.get(place) ?? [],
    say,
    isDescribed: (who: string) => described.has(who),
  };
}

function identitiesOf({ contact: { contactId, email } }: ContactRow) {
  return [
    ...(contactId === null ? [] : [{ kind: 'user', value: contactId }]),
    ...(email === null ? [] : [{ kind: 'email', value: email }]),
  ];
}

/** `row-<when, epoch ms>-<line>-`: facts of one time count in the order of their message ids, and the later word wins. */
const ROW_HEAD = 'row-'.length + 15 + 1 + 9 + 1;

function callOf(
  { line, contact, hash }: ContactRow,
  known: { readonly now: number; readonly isDescribed: boolean },
): Call {
  const { now } = known;
  const head = `row-${String(now).padStart(15, '0')}-${String(line).padStart(9, '0')}-`;
  const isWhole = contact.at !== null;
  return {
    messageId: `${head}${hash}`,
    at: now,
    receivedAt: now,
    trust: 'server',
    ids: { user: contact.contactId, anonymous: null, email: contact.email },
    says: {
      kind: 'profile',
      traits: traitsOf(contact),
      // A first profile holds from the beginning; what is said of a known contact holds from now on.
      from: contact.at ?? (known.isDescribed ? now : null),
      createdAt: contact.createdAt,
      mode: isWhole ? 'replace' : 'set',
    },
  };
}

function traitsOf({ contact, company }: ContactLine): Readonly<Record<string, unknown>> {
  return Object.keys(company).length === 0 ? contact : { ...contact, company };
}
