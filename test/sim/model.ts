import { z } from 'zod';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { compile, type Program } from '../../src/core/scoring/program.ts';
import { makeSubject, type Score, scoreAt } from '../../src/core/scoring/score.ts';
import { parseInstant } from '../../src/core/time/instant.ts';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';
import type { Raw } from './people.ts';

type Bag = Readonly<Record<string, unknown>>;

/** A call that was answered, or that is known to have been taken in: it counts from `receivedAt` on. */
interface Fact {
  readonly raw: Raw;
  readonly at: number;
  readonly receivedAt: number;
  readonly names: readonly string[];
}

/** Somebody as the model knows them at some time. Times in epoch ms. */
export interface Someone {
  readonly names: ReadonlySet<string>;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly facts: readonly Fact[];
}

/** The names of two contacts that were joined at a time; `into` stayed. */
export interface Sides {
  readonly from: readonly string[];
  readonly into: readonly string[];
  readonly at: number;
}

/** A decision after which a lead waits, and until when calls count. Epoch ms. */
interface Wait {
  readonly knownAt: number;
  readonly since: number;
}

/**
 * What is true of a world, kept apart from the product: the calls themselves. Who is who follows from the ids that calls
 * name together, what holds from the latest that was said, and scores from all of it at once: nothing is kept up step by
 * step, nothing depends on what came first.
 */
export interface Model {
  readonly take: (raws: readonly Raw[], receivedAt: number) => void;
  /** Says from when on an event counts as machine-made, or as a person's. */
  readonly class: (messageId: string, machine: boolean, at: number) => void;
  readonly knows: (messageId: string) => boolean;
  /**
   * Says that two names are one person from then on; `b` stays. Of a business address and another one the business address is
   * kept, whichever was said later.
   */
  readonly join: (a: string, b: string, at: number) => void;
  /**
   * Takes back that two sets of names are one person: both are again who they were, and what was said of either in between
   * stays with those that stayed. Of calls that came about when either happened nobody outside can say whether they came
   * before: `hasLeft` says which of the two has them.
   */
  readonly part: (sides: Sides, at: number, hasLeft: ReadonlyMap<string, boolean>) => void;
  /** Everybody known at a time. */
  readonly people: (knownAt: number) => readonly Someone[];
  readonly score: (version: number, someone: Someone, at: number, knownAt: number) => Score;
  /** What disqualifies somebody. */
  readonly disqualifiers: (
    version: number,
    someone: Someone,
    at: number,
    knownAt: number,
  ) => readonly string[];
  /** What is known of somebody's own profile. */
  readonly profile: (someone: Someone) => Bag;
  /**
   * The first path that holds for somebody, whatever disqualifies them, and overrides the wait after a decision: by what they
   * did since, where it asks for that. Null for none.
   */
  readonly overridingPath: (version: number, someone: Someone, at: number, of: Wait) => string | null;
  /** The path by which somebody would qualify if nothing disqualified them; null for none. */
  readonly pathDespite: (version: number, someone: Someone, at: number, knownAt: number) => string | null;
  /** The team that a disqualifier sends its leads to; null where it closes them. */
  readonly routeOf: (version: number, disqualifier: string) => string | null;
  /** Whether anything was said of somebody's profile or company that holds only after an instant. */
  readonly hasLaterProfile: (someone: Someone, at: number) => boolean;
  /**
   * Whether a contact that a person merged from two belongs to two companies, one by a product's group and one by an e-mail
   * domain. Companies never merge: the one that was told last counts, which the model does not know.
   */
  readonly hasTwoCompanies: (someone: Someone) => boolean;
  readonly facts: () => readonly Fact[];
}

/** An address that a merge keeps though another one was said later, or that holds again after it. Epoch ms. */
interface Kept {
  readonly fact: Fact;
  /** When it was unsaid; null where it holds. */
  until: number | null;
}

/** Says of who has a name that this is their address from an instant on. */
function addressOf(name: string, email: unknown, at: number): Fact {
  const raw = { messageId: `kept ${at}`, type: 'identify', traits: { email: email ?? null } };
  return { raw, at, receivedAt: at, names: [name] };
}

/** How far apart clocks and what happens at the same time may be, in ms. */
const UNSURE_MS = 10_000;

/** Makes a model of a world with these versions of its agreement. */
export function makeModel(versions: readonly object[]): Model {
  const programs = versions.map(programOf);
  const overriding = versions.map(overridingOf);
  const lenient = versions.map(body => programOf({ ...body, disqualify: [] }));
  let facts: Fact[] = [];
  const known = new Set<string>();
  const borrowed = new Set<string>();
  const classes: { messageId: string; machine: boolean; at: number }[] = [];
  const joins: { a: string; b: string; at: number; until: number | null }[] = [];
  const kept: Kept[] = [];
  const isMachine = (raw: Raw, knownAt: number): boolean => {
    const last = classes.findLast(({ messageId, at }) => messageId === raw.messageId && at <= knownAt);
    return last?.machine ?? bagOf(raw.context).userAgent !== undefined;
  };
  const people = (knownAt: number): readonly Someone[] => {
    const groups = groupsOf([
      ...facts.flatMap(fact => (fact.receivedAt <= knownAt ? [fact.names] : [])),
      ...joins.flatMap(({ a, b, at, until }) =>
        at <= knownAt && (until === null || knownAt < until) ? [[a, b]] : [],
      ),
    ]);
    const byName = new Map(groups.flatMap(names => [...names].map(name => [name, names] as const)));
    const of = new Map<ReadonlySet<string>, Fact[]>(groups.map(names => [names, []]));
    for (const fact of facts) {
      const names = fact.receivedAt <= knownAt ? byName.get(fact.names[0] ?? '') : undefined;
      if (names !== undefined) of.get(names)?.push(fact);
    }
    for (const { fact, until } of kept) {
      const names = byName.get(fact.names[0] ?? '');
      const holds = fact.receivedAt <= knownAt && (until === null || knownAt < until);
      if (holds && names !== undefined) of.get(names)?.push(fact);
    }
    return [...of].map(([names, own]) => ({
      names,
      facts: own,
      createdAt: Math.min(...own.map(creationOf)),
      lastSeenAt: own.reduce<number | null>(
        (last, { raw, at }) => (isEvent(raw) && !isMachine(raw, knownAt) ? Math.max(last ?? at, at) : last),
        null,
      ),
    }));
  };
  const scoreBy = (program: Program | undefined, someone: Someone, at: number, knownAt: number): Score => {
    if (program === undefined) throw new Error('the model has no such version');
    const own = someone.facts.filter(fact => fact.at <= at);
    const history = Array.from({ length: program.slots }, (): number[] => []);
    for (const { raw, at: eventAt } of own) {
      if (!isEvent(raw) || isMachine(raw, knownAt)) continue;
      const event = { at: eventAt, name: nameOf(raw), properties: {}, context: {} };
      for (const slot of program.slotsOf(event)) history[slot]?.push(eventAt);
    }
    for (const times of history) times.sort((a, b) => a - b);
    const said = facts.filter(fact => fact.at <= at && fact.receivedAt <= knownAt);
    const profile = profileOf(own, said);
    return scoreAt(program, makeSubject(program, { profile, history, createdAt: someone.createdAt }), at);
  };
  return {
    people,
    facts: () => facts,
    take: (raws, receivedAt) => {
      for (const raw of raws) {
        if (known.has(raw.messageId)) continue;
        known.add(raw.messageId);
        const at = Math.min(parseInstant(String(raw.timestamp)) ?? receivedAt, receivedAt);
        // A browser that came to be known while two were one belongs to the one that stayed; the other only borrows it.
        const said = namesOf(raw);
        const own = raw.type === 'alias' ? said : said.filter(name => !borrowed.has(name));
        facts.push({ raw, at, receivedAt, names: own.length > 0 ? own : said });
      }
    },
    class: (messageId, machine, at) => {
      classes.push({ messageId, machine, at });
    },
    knows: messageId => known.has(messageId),
    join: (a, b, at) => {
      const before = people(at);
      const own = [a, b].map(name => before.find(({ names }) => names.has(name))?.facts ?? []);
      const emails = own
        .map(said => profileOf(said, facts).contact)
        .filter(({ email }) => email !== undefined);
      const business = emails.filter(({ emailKind }) => emailKind === 'business');
      const [better] = business;
      const both = profileOf(own.flat(), facts).contact;
      joins.push({ a, b, at, until: null });
      if (emails.length === 2 && business.length === 1 && better?.email !== both.email)
        kept.push({ fact: addressOf(b, better?.email, at), until: null });
    },
    part: ({ from, into, at }, until, hasLeft) => {
      const [survivor = ''] = into;
      const join = joins.findLast(one => one.at === at && one.until === null);
      if (join !== undefined) join.until = until;
      const unsureOf = ({ receivedAt }: Fact) =>
        [at, until].some(instant => Math.abs(receivedAt - instant) < UNSURE_MS);
      const unsureNames = facts.filter(unsureOf).flatMap(({ names }) => names);
      const left = new Set([...from, ...unsureNames.filter(name => hasLeft.get(name) === true)]);
      const before = new Set([...left, ...into]);
      facts = facts.map(fact => {
        const { receivedAt, raw } = fact;
        const isUnsure = unsureOf(fact);
        const isBetween = receivedAt > at && receivedAt <= until;
        const trace = raw.type === 'alias' ? (fact.names.at(-1) ?? '') : raw.messageId;
        const stayed = isUnsure ? !(hasLeft.get(trace) ?? !isBetween) : isBetween;
        if (!stayed || !fact.names.some(name => left.has(name))) return fact;
        for (const name of fact.names)
          if (!before.has(name) && name.startsWith('anonymous')) borrowed.add(name);
        return { ...fact, names: [survivor, ...fact.names.filter(name => !left.has(name))] };
      });
      const chosen = kept.find(one => one.fact.at === at && one.until === null);
      if (chosen === undefined) return;
      chosen.until = until;
      const own = people(until).find(({ names }) => names.has(survivor))?.facts ?? [];
      const { email } = profileOf(own, facts).contact;
      // What was only kept for the merge is unsaid, unless something else was said since.
      if (email !== profileOf([...own, chosen.fact], facts).contact.email)
        kept.push({ fact: addressOf(survivor, email, until), until: null });
    },
    score: (version, someone, at, knownAt) => scoreBy(programs[version - 1], someone, at, knownAt),
    pathDespite: (version, someone, at, knownAt) => {
      const score = scoreBy(lenient[version - 1], someone, at, knownAt);
      return score.applies ? score.qualifies : null;
    },
    disqualifiers: (version, someone, at, knownAt) => {
      const score = scoreBy(programs[version - 1], someone, at, knownAt);
      return score.applies ? score.disqualified : [];
    },
    profile: someone => profileOf(someone.facts, facts).contact,
    overridingPath: (version, someone, at, { knownAt, since }) => {
      for (const { program, event } of overriding[version - 1] ?? []) {
        const score = scoreBy(program, someone, at, knownAt);
        if (!score.applies || score.qualifies === null) continue;
        const isNew = someone.facts.some(
          fact =>
            isEvent(fact.raw) &&
            nameOf(fact.raw) === event &&
            fact.at > since &&
            fact.at <= at &&
            !isMachine(fact.raw, knownAt),
        );
        if (event === null || isNew) return score.qualifies;
      }
      return null;
    },
    hasLaterProfile: (someone, at) => {
      if (someone.facts.some(fact => fact.raw.type === 'identify' && fact.at > at)) return true;
      const groups = new Set(someone.facts.flatMap(({ raw }) => (raw.type === 'group' ? [raw.groupId] : [])));
      return facts.some(fact => fact.raw.type === 'group' && groups.has(fact.raw.groupId) && fact.at > at);
    },
    hasTwoCompanies: ({ names, facts: own }) =>
      [...names].filter(name => name.startsWith('user ')).length > 1 &&
      own.some(({ raw }) => raw.type === 'group') &&
      own.some(({ raw }) => {
        const domain = raw.type === 'identify' ? String(bagOf(raw.traits).email).split('@')[1] : undefined;
        return domain !== undefined && kindOfDomain(domain) === 'business';
      }),
    routeOf: (version, disqualifier) =>
      programs[version - 1]?.agreement.disqualify.find(({ id }) => id === disqualifier)?.route ?? null,
  };
}

function programOf(body: object): Program {
  const { agreement, problems } = readAgreement(body);
  if (agreement === null)
    throw new Error(`the simulated agreement is not valid: ${problems[0]?.path} ${problems[0]?.message}`);
  return compile(agreement);
}

/** The paths of an agreement that override a wait, each alone, with the event that it asks for. */
function overridingOf(body: object) {
  const { mql = [] } = paths.parse(body);
  return mql.flatMap(path =>
    path.overrides === 'wait'
      ? [{ program: programOf({ ...body, disqualify: [], mql: [path] }), event: path.did?.on ?? null }]
      : [],
  );
}

const paths = z.object({
  mql: z
    .array(
      z.looseObject({ overrides: z.string().optional(), did: z.looseObject({ on: z.string() }).optional() }),
    )
    .optional(),
});

const isEvent = (raw: Raw) => raw.type === 'page' || raw.type === 'track';
const nameOf = (raw: Raw) => (raw.type === 'track' ? String(raw.event) : String(raw.type));

/** When somebody came to be, as far as one call tells. */
function creationOf({ raw, at, receivedAt }: Fact): number {
  const given = parseInstant(String(bagOf(raw.traits).createdAt ?? ''));
  const seen = raw.type === 'alias' ? receivedAt : at;
  return raw.type === 'identify' && given !== null ? Math.min(seen, given) : seen;
}

/** The names by which a call speaks of one person. */
export function namesOf(raw: Raw): readonly string[] {
  const named = (kind: string, value: unknown) => (typeof value === 'string' ? [`${kind} ${value}`] : []);
  if (raw.type === 'alias') return [...named('user', raw.userId), ...named('anonymous', raw.previousId)];
  return [
    ...named('user', raw.userId),
    ...named('anonymous', raw.anonymousId),
    ...(raw.type === 'identify' ? named('email', bagOf(raw.traits).email) : []),
  ];
}

/** Puts together what shares a member. */
function groupsOf(links: readonly (readonly string[])[]): readonly ReadonlySet<string>[] {
  const of = new Map<string, Set<string>>();
  for (const link of links) {
    const joined = new Set(link.flatMap(name => [name, ...(of.get(name) ?? [])]));
    for (const name of joined) of.set(name, joined);
  }
  return [...new Set(of.values())];
}

/** What holds of a contact and its company: of all that was said, the latest; what was taken back is gone. */
function profileOf(
  own: readonly Fact[],
  all: readonly Fact[],
): { readonly contact: Bag; readonly company: Bag } {
  const told = inTime(own);
  let contact: Bag = {};
  let part: Bag = {};
  let group: string | null = null;
  for (const { raw } of told) {
    if (raw.type === 'group') group = String(raw.groupId);
    if (raw.type !== 'identify') continue;
    const { company, createdAt: _createdAt, ...rest } = bagOf(raw.traits);
    contact = laid(contact, rest);
    part = laid(part, bagOf(company));
  }
  const { email } = contact;
  const domain = typeof email === 'string' ? email.split('@')[1] : undefined;
  const derived = domain === undefined ? {} : { emailDomain: domain, emailKind: kindOfDomain(domain) };
  const ofGroup = inTime(all.filter(({ raw }) => raw.type === 'group' && raw.groupId === group));
  const company = ofGroup.reduce<Bag>((known, { raw }) => laid(known, bagOf(raw.traits)), {});
  return { contact: { ...contact, ...derived }, company: { ...part, ...company } };
}

function inTime(facts: readonly Fact[]): readonly Fact[] {
  const isGroup = ({ raw }: Fact) => (raw.type === 'group' ? 1 : 0);
  return [...facts].sort(
    (a, b) => a.at - b.at || isGroup(a) - isGroup(b) || (a.raw.messageId < b.raw.messageId ? -1 : 1),
  );
}

function laid(known: Bag, said: Bag): Bag {
  return Object.fromEntries(Object.entries({ ...known, ...said }).filter(([, value]) => value !== null));
}

function bagOf(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
