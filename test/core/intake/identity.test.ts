import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, readCall, type Trust } from '../../../src/core/intake/call.ts';
import {
  type Acquaintance,
  type HeldIdentity,
  type NewSighting,
  placeCalls,
  type Someone,
} from '../../../src/core/intake/identity.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const NOBODY: Acquaintance = { contacts: [], identities: [], sightings: [] };

let made = 0;
function call(raw: Readonly<Record<string, unknown>>, trust: Trust = 'server'): Call {
  made += 1;
  const read = readCall({ event: 'E', ...raw }, { receivedAt: NOW, trust, messageId: `m${made}` });
  if (read.call === null) throw new Error(read.refusal.reason);
  return read.call;
}

const track = (ids: object, trust?: Trust) => call({ type: 'track', ...ids }, trust);
const identify = (ids: { readonly email?: string; readonly [key: string]: unknown }, trust?: Trust) => {
  const { email, ...rest } = ids;
  return call({ type: 'identify', traits: email === undefined ? {} : { email }, ...rest }, trust);
};
const alias = (previousId: string, userId: string, trust?: Trust) =>
  call({ type: 'alias', previousId, userId }, trust);

/** A book of contacts that takes calls one batch after another, as the database does. */
function openWorld(start: Acquaintance = NOBODY) {
  const contacts = new Map<string, Someone>(start.contacts.map(contact => [contact.id, contact]));
  const owners = new Map<string, HeldIdentity>(
    start.identities.map(identity => [`${identity.kind}:${identity.value}`, identity]),
  );
  const seen: NewSighting[] = [];
  let count = 0;
  const mergedInto = new Map<string, string>();
  return {
    merged: mergedInto,
    take: (calls: readonly Call[]) => {
      const known = {
        contacts: [...contacts.values()],
        identities: [...owners.values()],
        sightings: seen.flatMap(({ browser, at, by }) => {
          const contactId = owners.get(`${by.kind}:${by.value}`)?.contactId;
          return contactId === undefined ? [] : [{ browser, at, contactId }];
        }),
      };
      const intake = placeCalls(calls, known, () => {
        count += 1;
        return `c${count}`;
      });
      for (const contact of intake.created) contacts.set(contact.id, contact);
      for (const identity of intake.identities) {
        const name = `${identity.kind}:${identity.value}`;
        // What the database lets change of an identity that is stored: a claim alone.
        if (owners.get(name)?.isClaim === false) throw new Error(`${name} is no claim, and changes`);
        owners.set(name, identity);
      }
      for (const { from, into } of intake.merges) {
        // What the database refuses: both sides of a merge must be there.
        if (!contacts.has(from) || !contacts.has(into))
          throw new Error(`no such contact: ${from} or ${into}`);
        contacts.delete(from);
        mergedInto.set(from, into);
        for (const [name, owner] of owners)
          if (owner.contactId === from) owners.set(name, { ...owner, contactId: into });
      }
      for (const [name, { kind, contactId, isClaim }] of owners) {
        const holder = contacts.get(contactId);
        if (holder === undefined) throw new Error(`${name} belongs to nobody`);
        contacts.set(contactId, {
          ...holder,
          hasUser: holder.hasUser || kind === 'user',
          hasEmail: holder.hasEmail || kind === 'email',
          isEstablished: holder.isEstablished || (kind !== 'anonymous' && !isClaim),
        });
      }
      seen.push(...intake.sightings);
      for (const { contactId } of intake.placed)
        if (!contacts.has(contactId)) throw new Error(`a call was placed with ${contactId}, who is gone`);
      return intake;
    },
    /** Who is one person: the identities of each contact. */
    people: () => {
      const groups = new Map<string, string[]>();
      for (const [name, { contactId }] of owners)
        groups.set(contactId, [...(groups.get(contactId) ?? []), name]);
      return [...groups.values()].map(names => names.sort().join(' ')).sort();
    },
    ownerOf: (name: string) => owners.get(name)?.contactId ?? null,
  };
}

function peopleAfter(calls: readonly Call[]): readonly string[] {
  const world = openWorld();
  world.take(calls);
  return world.people();
}

describe('telling people apart', () => {
  test.each([
    ['an anonymous visitor is somebody', [track({ anonymousId: 'a' })], ['anonymous:a']],
    [
      'a visitor who is identified is one person with its history',
      [track({ anonymousId: 'a' }), identify({ anonymousId: 'a', userId: 'u', email: 'ann@acme.com' })],
      ['anonymous:a email:ann@acme.com user:u'],
    ],
    [
      'two browsers of one user are one person',
      [
        track({ anonymousId: 'a' }),
        track({ anonymousId: 'b' }),
        identify({ anonymousId: 'a', userId: 'u' }),
        identify({ anonymousId: 'b', userId: 'u' }),
      ],
      ['anonymous:a anonymous:b user:u'],
    ],
    [
      'the same address in another spelling is the same person',
      [
        identify({ userId: 'u', email: 'Ann@Acme.com' }),
        identify({ anonymousId: 'a', email: ' ann@acme.COM ' }),
      ],
      ['anonymous:a email:ann@acme.com user:u'],
    ],
    [
      'two user ids with one address are one person',
      [
        identify({ userId: 'u' }),
        identify({ userId: 'v', email: 'x@y.co' }),
        identify({ userId: 'u', email: 'x@y.co' }),
      ],
      ['email:x@y.co user:u user:v'],
    ],
    [
      'an alias joins the visitor to the user',
      [track({ anonymousId: 'a' }), alias('a', 'u')],
      ['anonymous:a user:u'],
    ],
    [
      'an alias of a user id renames the user',
      [identify({ userId: 'old', email: 'x@y.co' }), identify({ userId: 'new' }), alias('old', 'new')],
      ['email:x@y.co user:new user:old'],
    ],
    [
      'two users of a shared browser stay two, and its history stays with the first',
      [
        identify({ anonymousId: 'a', userId: 'u', email: 'ann@acme.com' }),
        identify({ anonymousId: 'a', userId: 'v', email: 'bob@acme.com' }),
        track({ anonymousId: 'a', userId: 'v' }),
      ],
      ['anonymous:a email:ann@acme.com user:u', 'email:bob@acme.com user:v'],
    ],
    [
      'two user ids alone on a shared browser stay two',
      [track({ anonymousId: 'a', userId: 'u' }), track({ anonymousId: 'a', userId: 'v' })],
      ['anonymous:a user:u', 'user:v'],
    ],
    [
      'two addresses in one form on a shared browser stay two',
      [
        identify({ anonymousId: 'a', email: 'ann@acme.com' }),
        identify({ anonymousId: 'a', email: 'bob@acme.com' }),
      ],
      ['anonymous:a email:ann@acme.com', 'email:bob@acme.com'],
    ],
    [
      'who gave an address and later signs up on the same browser is one person',
      [identify({ anonymousId: 'a', email: 'ann@acme.com' }), identify({ anonymousId: 'a', userId: 'u' })],
      ['anonymous:a email:ann@acme.com user:u'],
    ],
    [
      'a user with a new address keeps the old one',
      [identify({ userId: 'u', email: 'old@acme.com' }), identify({ userId: 'u', email: 'new@acme.com' })],
      ['email:new@acme.com email:old@acme.com user:u'],
    ],
  ] as const)('%s', (_name, calls, people) => {
    expect(peopleAfter(calls)).toEqual(people);
    const world = openWorld();
    for (const one of calls) world.take([one]);
    expect(world.people()).toEqual(people);
  });

  test('of two known people the elder stays', () => {
    const world = openWorld({
      contacts: [
        { id: 'young', createdAt: NOW - 10, hasUser: true, hasEmail: false, isEstablished: true },
        { id: 'old', createdAt: NOW - 20, hasUser: false, hasEmail: true, isEstablished: true },
      ],
      identities: [
        { kind: 'user', value: 'u', contactId: 'young', isClaim: false },
        { kind: 'email', value: 'ann@acme.com', contactId: 'old', isClaim: false },
      ],
      sightings: [],
    });
    const { merges, placed } = world.take([identify({ userId: 'u', email: 'ann@acme.com' })]);
    expect(merges).toMatchObject([
      { from: 'young', into: 'old', at: NOW, recordedAt: NOW, because: 'the same e-mail address' },
    ]);
    expect(placed.map(({ contactId }) => contactId)).toEqual(['old']);
  });

  test('a known person stays before an elder visitor', () => {
    const world = openWorld({
      contacts: [
        { id: 'visitor', createdAt: NOW - 99, hasUser: false, hasEmail: false, isEstablished: false },
        { id: 'known', createdAt: NOW - 1, hasUser: true, hasEmail: false, isEstablished: true },
      ],
      identities: [
        { kind: 'anonymous', value: 'a', contactId: 'visitor', isClaim: false },
        { kind: 'user', value: 'u', contactId: 'known', isClaim: false },
      ],
      sightings: [],
    });
    expect(world.take([track({ userId: 'u', anonymousId: 'a' })]).merges).toMatchObject([
      { from: 'visitor', into: 'known' },
    ]);
  });

  test('a visitor joined to somebody new who is joined to somebody known at once ends with the known one', () => {
    const world = openWorld({
      contacts: [
        { id: 'visitor', createdAt: NOW - 5, hasUser: false, hasEmail: false, isEstablished: false },
        { id: 'known', createdAt: NOW - 99, hasUser: false, hasEmail: true, isEstablished: true },
      ],
      identities: [
        { kind: 'anonymous', value: 'a', contactId: 'visitor', isClaim: false },
        { kind: 'email', value: 'ann@acme.com', contactId: 'known', isClaim: false },
      ],
      sightings: [],
    });
    const intake = world.take([
      identify({ userId: 'u' }),
      track({ userId: 'u', anonymousId: 'a' }),
      identify({ userId: 'u', email: 'ann@acme.com' }),
    ]);
    expect(intake.created).toEqual([]);
    expect(intake.merges.map(({ from, into }) => [from, into])).toEqual([['visitor', 'known']]);
    expect(world.people()).toEqual(['anonymous:a email:ann@acme.com user:u']);
  });
});

describe('a public key', () => {
  const ANN = { id: 'ann', createdAt: NOW - 9, hasUser: true, hasEmail: true, isEstablished: true };
  const BOB = { id: 'bob', createdAt: NOW - 8, hasUser: true, hasEmail: true, isEstablished: true };
  const both: Acquaintance = {
    contacts: [ANN, BOB],
    identities: [
      { kind: 'user', value: 'u1', contactId: 'ann', isClaim: false },
      { kind: 'email', value: 'ann@acme.com', contactId: 'ann', isClaim: false },
      { kind: 'anonymous', value: 'a1', contactId: 'ann', isClaim: false },
      { kind: 'user', value: 'u2', contactId: 'bob', isClaim: false },
      { kind: 'email', value: 'bob@acme.com', contactId: 'bob', isClaim: false },
      { kind: 'anonymous', value: 'a2', contactId: 'bob', isClaim: false },
    ],
    sightings: [],
  };

  test('attaches an anonymous visitor to a contact', () => {
    const world = openWorld(both);
    world.take([
      track({ anonymousId: 'new' }, 'public'),
      identify({ anonymousId: 'new', email: 'ann@acme.com' }, 'public'),
    ]);
    expect(world.ownerOf('anonymous:new')).toBe('ann');
  });

  test('adds no address to a user who is known', () => {
    const world = openWorld(both);
    world.take([identify({ userId: 'u1', email: 'other@acme.com' }, 'public')]);
    expect(world.ownerOf('email:other@acme.com')).toBeNull();
  });

  test('takes no known user over by an alias', () => {
    const world = openWorld(both);
    world.take([alias('u1', 'mine', 'public'), alias('a1', 'mine', 'public')]);
    expect(world.ownerOf('user:mine')).not.toBe('ann');
    expect(world.ownerOf('user:u1')).toBe('ann');
  });

  const ids = {
    users: ['u1', 'u2', 'u3'],
    anonymous: ['a1', 'a2', 'a3'],
    emails: ['ann@acme.com', 'bob@acme.com', 'c@d.co'],
  };
  const said = fc.oneof(
    fc
      .record(
        {
          userId: fc.constantFrom(...ids.users),
          anonymousId: fc.constantFrom(...ids.anonymous),
          email: fc.constantFrom(...ids.emails),
        },
        { requiredKeys: [] },
      )
      .filter(given => Object.keys(given).length > 0)
      .map(given => identify(given, 'public')),
    fc
      .tuple(fc.constantFrom(...ids.users, ...ids.anonymous), fc.constantFrom(...ids.users))
      .map(([from, to]) => alias(from, to, 'public')),
  );

  test('never joins two known contacts, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.array(said, { maxLength: 5 }), { maxLength: 5 }), batches => {
        const world = openWorld(both);
        for (const batch of batches) world.take(batch);
        expect(world.merged.has('ann')).toBe(false);
        expect(world.merged.has('bob')).toBe(false);
        for (const [name, owner] of both.identities.map(
          id => [`${id.kind}:${id.value}`, id.contactId] as const,
        ))
          expect(world.ownerOf(name)).toBe(owner);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a public key prepared', () => {
  const worldAfter = (...calls: readonly Call[]) => {
    const world = openWorld();
    for (const one of calls) world.take([one]);
    return world;
  };

  test('joins no two contacts that a server knows', () => {
    const prepared = identify({ userId: 'u1', email: 'bob@acme.com' }, 'public');
    const said = [identify({ userId: 'u1' }), identify({ userId: 'u2', email: 'bob@acme.com' })];
    expect(worldAfter(prepared, ...said).people()).toEqual(['email:bob@acme.com user:u2', 'user:u1']);
    expect(worldAfter(prepared, ...said).merged.size).toBe(0);
  });

  test('gives an address of nobody to no contact that a server knows', () => {
    const world = worldAfter(
      identify({ userId: 'u1', anonymousId: 'a1' }),
      identify({ anonymousId: 'a1', email: 'bob@acme.com' }, 'public'),
      identify({ email: 'bob@acme.com' }),
    );
    expect(world.people()).toEqual(['anonymous:a1 user:u1', 'email:bob@acme.com']);
  });

  test('gives a user id to no contact that a server knows', () => {
    const world = worldAfter(
      identify({ email: 'ann@acme.com', anonymousId: 'a1' }),
      identify({ anonymousId: 'a1', userId: 'u2' }, 'public'),
      track({ userId: 'u2' }),
    );
    expect(world.people()).toEqual(['anonymous:a1 email:ann@acme.com', 'user:u2']);
  });

  test('is the person whom a server speaks of, where nothing speaks against it', () => {
    const world = worldAfter(
      identify({ anonymousId: 'a1', email: 'ann@acme.com' }, 'public'),
      identify({ userId: 'u1', email: 'ann@acme.com' }),
    );
    expect(world.people()).toEqual(['anonymous:a1 email:ann@acme.com user:u1']);
  });

  test('gives way to the contact that a server knew before, though it is the elder', () => {
    const world = openWorld({
      contacts: [
        { id: 'claimed', createdAt: NOW - 99, hasUser: false, hasEmail: true, isEstablished: false },
        { id: 'known', createdAt: NOW - 1, hasUser: true, hasEmail: false, isEstablished: true },
      ],
      identities: [
        { kind: 'email', value: 'ann@acme.com', contactId: 'claimed', isClaim: true },
        { kind: 'user', value: 'u', contactId: 'known', isClaim: false },
      ],
      sightings: [],
    });
    expect(world.take([identify({ userId: 'u', email: 'ann@acme.com' })]).merges).toMatchObject([
      { from: 'claimed', into: 'known' },
    ]);
  });

  const user = fc.constantFrom('u1', 'u2', 'u3');
  const email = fc.constantFrom('ann@acme.com', 'bob@acme.com', 'c@d.co');
  const byServer = fc
    .record({ userId: user, email }, { requiredKeys: [] })
    .filter(given => Object.keys(given).length > 0)
    .map(given => identify(given));
  const byWeb = fc.oneof(
    fc
      .record({ userId: user, anonymousId: fc.constantFrom('a1', 'a2'), email }, { requiredKeys: [] })
      .filter(given => Object.keys(given).length > 0)
      .map(given => identify(given, 'public')),
    fc.tuple(fc.constantFrom('a1', 'a2', 'u1', 'u2'), user).map(([from, to]) => alias(from, to, 'public')),
  );

  test('changes nothing about who is one person to a server, whatever the order', () => {
    // The user ids and addresses that servers named, as they belong together; claims alone are left out.
    const established = (world: ReturnType<typeof openWorld>, calls: readonly Call[]) => {
      const names = new Set(
        calls.flatMap(({ trust, ids }) =>
          trust === 'public' ? [] : [`user:${ids.user}`, `email:${ids.email}`],
        ),
      );
      const groups = new Map<string, string[]>();
      for (const name of [...names].sort()) {
        const owner = world.ownerOf(name);
        if (owner !== null) groups.set(owner, [...(groups.get(owner) ?? []), name]);
      }
      return [...groups.values()].map(group => group.join(' ')).sort();
    };
    fc.assert(
      fc.property(
        fc.array(fc.oneof(byServer, byWeb), { maxLength: 12 }),
        fc.boolean(),
        (calls, isOneBatch) => {
          const said = calls.filter(({ trust }) => trust === 'server');
          const world = openWorld();
          if (isOneBatch) world.take(calls);
          else for (const one of calls) world.take([one]);
          expect(established(world, calls)).toEqual(established(worldAfter(...said), calls));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('in any order and any batches', () => {
  /** Calls of a few people; each browser belongs to one person, whose user ids and addresses may be several. */
  const person = fc.integer({ min: 0, max: 2 });
  const oneCall = fc
    .record({
      who: person,
      user: fc.option(fc.integer({ min: 0, max: 1 }), { nil: null }),
      email: fc.option(fc.integer({ min: 0, max: 1 }), { nil: null }),
      browser: fc.option(fc.integer({ min: 0, max: 1 }), { nil: null }),
      previous: fc.option(fc.integer({ min: 0, max: 1 }), { nil: null }),
      isTrack: fc.boolean(),
    })
    .filter(
      ({ user, email, browser, isTrack }) =>
        user !== null || browser !== null || (email !== null && !isTrack),
    )
    .map(({ who, user, email, browser, previous, isTrack }) => {
      const given = {
        ...(user === null ? {} : { userId: `u${who}${user}` }),
        ...(browser === null ? {} : { anonymousId: `a${who}${browser}` }),
      };
      if (previous !== null && user !== null) return alias(`u${who}${previous}`, `u${who}${user}`);
      if (isTrack) return track(given);
      return identify({ ...given, ...(email === null ? {} : { email: `e${who}${email}@acme.com` }) });
    });

  // A browser binds what is said of it, in whatever order: so a user id or address is said with at most one other.
  const isUnshared = (calls: readonly Call[]) => {
    const usersOf = new Map<string, Set<string>>();
    for (const { ids, says } of calls) {
      if (says.kind === 'alias' || ids.anonymous === null) continue;
      const said = usersOf.get(ids.anonymous) ?? new Set();
      usersOf.set(ids.anonymous, said);
      for (const name of [ids.user, ids.email]) if (name !== null) said.add(name);
    }
    return [...usersOf.values()].every(said => said.size <= 1);
  };

  // An alias that comes before its user keeps the old name as a visitor's too; that says nothing of people.
  const named = (people: readonly string[]) =>
    people.map(names => names.replace(/anonymous:u\d+ /g, '')).sort();

  test('the same calls make the same people', () => {
    fc.assert(
      fc.property(
        fc
          .array(oneCall, { minLength: 1, maxLength: 10 })
          .filter(isUnshared)
          .chain(calls =>
            fc.record({
              calls: fc.constant(calls),
              shuffled: fc.shuffledSubarray(calls, { minLength: calls.length, maxLength: calls.length }),
              cuts: fc.array(fc.boolean(), { minLength: calls.length, maxLength: calls.length }),
            }),
          ),
        ({ calls, shuffled, cuts }) => {
          const world = openWorld();
          let batch: Call[] = [];
          shuffled.forEach((one, index) => {
            batch.push(one);
            if (cuts[index] === true) {
              world.take(batch);
              batch = [];
            }
          });
          if (batch.length > 0) world.take(batch);
          expect(named(world.people())).toEqual(named(peopleAfter(calls)));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
