import type { Agreement } from '../../core/agreement/agreement.ts';
import {
  arrivalsOf,
  type EventSpan,
  joinRows,
  settle,
  type UnsettledColumns,
} from '../../core/replay/columns.ts';
import { makeGatherer, type Rows } from '../../core/replay/eventrows.ts';
import { makeWalker, type Span } from '../../core/replay/replay.ts';
import { idOf } from '../../core/replay/roster.ts';
import { makeScorer } from '../../core/replay/scorer.ts';
import { orderVersions } from '../../core/scoring/facts.ts';
import { printScore } from '../../core/scoring/print.ts';
import { compile } from '../../core/scoring/program.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { kindOfDomain } from '../../loop/contact/domains.ts';
import { type ContactRows, type Contacts, makeContacts, readContacts, versionsOf } from './contacts.ts';
import { type Fault, type Lines, readJsonLines } from './jsonlines.ts';

/** Contacts from the number `first` up to, not including, `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** What is read of a block of an events file. */
interface EventRows {
  readonly lines: number;
  readonly faults: readonly Fault[];
  /** How many events are of contacts that no contacts file has. */
  readonly strangers: number;
  readonly rows: Rows;
}

/** What spans were found among some contacts, and the lines that describe them. */
interface Replayed {
  readonly printed: Uint8Array;
  /** How many contacts qualify under each agreement. */
  readonly qualified: readonly number[];
  /** How many lines are printed. */
  readonly told: number;
}

/** All that is done with a history, by what is given and what is answered. Instants in epoch ms. */
export interface Work {
  readonly readContacts: { readonly given: Lines; readonly answer: ContactRows };
  readonly meet: { readonly given: Contacts; readonly answer: null };
  readonly readEvents: { readonly given: Lines; readonly answer: EventRows };
  readonly hold: { readonly given: UnsettledColumns; readonly answer: null };
  readonly settle: { readonly given: Range; readonly answer: EventSpan };
  readonly score: { readonly given: Range & { readonly at: number }; readonly answer: Uint8Array };
  readonly replay: { readonly given: Range & EventSpan; readonly answer: Replayed };
}

type Hand = { readonly [Kind in keyof Work]: (given: Work[Kind]['given']) => Work[Kind]['answer'] };

/** Makes a hand, one for each thread, that does the work for some agreements. It keeps the contacts and events it was given. */
export function makeHand(agreements: readonly Agreement[]): Hand {
  const programs = agreements.map(compile);
  const scorers = programs.map(makeScorer);
  const walkers = programs.map(makeWalker);
  let contacts = makeContacts();
  let gatherer = makeGatherer(programs, contacts.roster);
  let columns = joinRows([], 0);
  const knownOf = (contact: number) => ({
    createdAt: contacts.createdAt[contact] ?? 0,
    firstEventAt: columns.firstAt[contact] ?? Number.POSITIVE_INFINITY,
    versions: orderVersions(versionsOf(contacts, contact), kindOfDomain),
  });
  const scoreOne = (contact: number, at: number) => {
    const scored = scorers[0]?.score({ ...knownOf(contact), arrivals: arrivalsOf(columns, contact, 0) }, at);
    return scored === undefined ? '' : `${JSON.stringify(printScore({ id: id(contact), at, ...scored }))}\n`;
  };
  const spansOf = (contact: number, bounds: EventSpan) => {
    const { createdAt: given, firstEventAt, versions } = knownOf(contact);
    const createdAt = Math.min(given, firstEventAt);
    return walkers.map(({ spans }, program) =>
      spans({ createdAt, versions, arrivals: arrivalsOf(columns, contact, program) }, bounds),
    );
  };
  const id = (contact: number) => idOf(contacts.roster, contact);
  return {
    readContacts,
    meet: given => {
      contacts = given;
      gatherer = makeGatherer(programs, contacts.roster);
      return null;
    },
    readEvents: block => {
      let strangers = 0;
      const read = readJsonLines(block, line => {
        const outcome = gatherer.add(line);
        if (outcome.kind === 'unknownContact') strangers += 1;
        return outcome.kind === 'wrong' ? outcome.message : null;
      });
      return { ...read, strangers, rows: gatherer.take() };
    },
    hold: given => {
      columns = given;
      return null;
    },
    settle: range => settle(columns, range),
    score: ({ first, end, at }) => {
      let printed = '';
      for (let contact = first; contact < end; contact++) printed += scoreOne(contact, at);
      return Buffer.from(printed);
    },
    replay: ({ first, end, from, to }) => {
      const qualified = programs.map(() => 0);
      let told = 0;
      let printed = '';
      for (let contact = first; contact < end; contact++) {
        const found = spansOf(contact, { from, to });
        found.forEach((spans, program) => {
          if (spans.length > 0) qualified[program] = (qualified[program] ?? 0) + 1;
        });
        const line = lineOf(id(contact), found.map(printSpans));
        if (line === null) continue;
        printed += line;
        told += 1;
      }
      return { printed: Buffer.from(printed), qualified, told };
    },
  };
}

/** What is printed of a contact: its spans when it has some, or both agreements' when they differ. */
function lineOf(id: string, [a, b]: readonly string[]): string | null {
  const name = JSON.stringify(id);
  if (b === undefined) return a === '[]' ? null : `{"id":${name},"spans":${a}}\n`;
  return a === b ? null : `{"id":${name},"a":${a},"b":${b}}\n`;
}

function printSpans(spans: readonly Span[]): string {
  return JSON.stringify(
    spans.map(({ from, to, path }) => ({
      from: formatInstant(from),
      to: instantOrNull(to),
      path,
    })),
  );
}
