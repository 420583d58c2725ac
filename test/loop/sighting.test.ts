import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LAST_INSTANT } from '../../src/core/time/instant.ts';
import type { Database } from '../../src/db/database.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

type Raw = Readonly<Record<string, unknown>>;
const BROWSER = { anonymousId: 'm1' };
const identify = (ids: Raw, traits: Raw = {}, more: Raw = {}) => ({
  type: 'identify',
  ...ids,
  traits,
  ...more,
});
const demo = (ids: Raw = BROWSER, more: Raw = {}) => ({
  type: 'track',
  event: 'Demo Requested',
  ...ids,
  ...more,
});
const MINUTE = 60_000;
const START = Date.parse('2026-03-02T10:00:00Z');
const minute = (n: number) => ({ timestamp: new Date(START + n * MINUTE).toISOString() });

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T12:00:00Z');
  });

  /** The message ids of each contact's events, by its name. */
  const owned = async () => {
    const rows = await story.query(
      { owner: 'text', events: 'text[]' },
      `select min(i.value) as owner,
         (select array_agg(message_id order by message_id) from event e where e.contact_id = i.contact_id) as events
       from contact_identity i where i.kind <> 'anonymous' group by i.contact_id
       having exists (select from event e where e.contact_id = i.contact_id)`,
    );
    return Object.fromEntries(rows.map(({ owner, events }) => [owner, events]));
  };

  describe.each(['server', 'public'] as const)('a shared browser by a %s key', trust => {
    const call = (raw: Raw | readonly Raw[]) => story.call(raw, { trust });

    test('belongs to the second person once that one has said who they are', async () => {
      await call(identify(BROWSER, { email: 'nina.vale@gmail.com', firstName: 'Nina' }));
      await call([
        identify(BROWSER, { email: 'nina.vale@valeworks.example', firstName: 'Nina', title: 'VP' }),
        demo(),
      ]);
      const second = await story.see('nina.vale@valeworks.example');
      expect(second).toMatchObject({ contact: { title: 'VP' }, events: 1, total: 60, stage: 'mql' });
      const first = await story.see('nina.vale@gmail.com');
      expect(first).toMatchObject({ events: 0, episodes: [] });
      expect(first.contact).toMatchObject({ email: 'nina.vale@gmail.com' });
      expect(first.contact).not.toHaveProperty('title');
    });

    test('in one batch without times goes by the order of the calls', async () => {
      await call([
        demo(BROWSER, { messageId: 'before' }),
        identify({ ...BROWSER, userId: 'u1' }),
        demo(BROWSER, { messageId: 'first' }),
        identify({ ...BROWSER, userId: 'u2' }),
        demo(BROWSER, { messageId: 'second' }),
      ]);
      const id = (name: string) => (trust === 'public' ? `public:${name}` : name);
      expect(await owned()).toEqual({ u1: [id('before'), id('first')], u2: [id('second')] });
    });
  });

  test('a late word of who was there moves what was done since, with scores, and tells the owner of a handoff', async () => {
    await story.call([
      identify({ userId: 'u1', ...BROWSER }, { title: 'VP' }, minute(0)),
      demo(BROWSER, minute(10)),
      demo({ userId: 'u1', ...BROWSER }, { ...minute(20), messageId: 'named' }),
      demo(BROWSER, { ...minute(30), messageId: 'after' }),
    ]);
    await story.call(identify({ userId: 'u1' }, { title: 'Clerk' }, minute(31)));
    expect((await story.see('u1')).events).toBe(3);
    story.at('2026-03-02T12:30:00Z');
    await story.call(identify({ ...BROWSER, email: 'eve@x.co' }, {}, minute(5)));
    await story.call(identify({ userId: 'u2', ...BROWSER }, { title: 'VP' }, minute(6)));
    const second = await story.see('u2');
    expect([(await story.see('u1')).events, second.events]).toEqual([2, 1]);
    expect(second).toMatchObject({ stage: 'mql', total: 60 });
    // What named the first person there says so as much as identify does: what came after it stays.
    expect((await owned()).u1).toEqual(['after', 'named']);
  });

  test('a handoff that rested on what somebody else did is flagged to its owner', async () => {
    await story.call([
      identify({ userId: 'u1', ...BROWSER }, { title: 'VP' }, minute(0)),
      demo(BROWSER, minute(30)),
    ]);
    expect((await story.see('u1')).episodes).toHaveLength(1);
    story.at('2026-03-02T12:30:00Z');
    await story.call(identify({ userId: 'u2', ...BROWSER }, { title: 'VP' }, minute(20)));
    expect(await story.count(`episode where flag like '%shared browser%'`)).toBe(1);
    expect((await story.see('u1')).total).toBe(20);
    expect((await story.see('u2')).episodes).toHaveLength(1);
  });

  test('what was said of the visitor goes with the person, too', async () => {
    await story.call(identify({ userId: 'u1', ...BROWSER }, {}, minute(0)));
    await story.call(identify(BROWSER, { title: 'VP' }, minute(30)));
    expect((await story.see('u1')).contact).toMatchObject({ title: 'VP' });
    await story.call({ type: 'alias', previousId: 'm1', userId: 'u2', ...minute(20) });
    expect((await story.see('u1')).contact).not.toHaveProperty('title');
    expect((await story.see('u2')).contact).toMatchObject({ title: 'VP' });
  });

  // Persons a to d, each known by a user id and an address; two browsers.
  const said = fc.record({
    at: fc.integer({ min: 0, max: 999 }),
    browser: fc.constantFrom('m1', 'm2'),
    person: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('identify', 'address', 'alias', 'named', 'event', 'event', 'event', 'traits'),
  });
  type Said = Parameters<Parameters<typeof said.map>[0]>[0];
  const rawOf = ({ at, browser, person, kind }: Said): Raw => {
    const messageId = `${browser}-${at}`;
    const timestamp = new Date(START + at * 1000).toISOString();
    const base = { messageId, timestamp };
    const user = { userId: person, anonymousId: browser };
    const traits = { email: `${person}@acme.com` };
    if (kind === 'identify') return { ...identify(user, traits), ...base };
    if (kind === 'address') return { ...identify({ anonymousId: browser }, traits), ...base };
    if (kind === 'alias') return { type: 'alias', previousId: browser, userId: person, ...base };
    if (kind === 'named') return { ...demo(user), ...base };
    if (kind === 'event') return { ...demo({ anonymousId: browser }), ...base };
    return { ...identify({ anonymousId: browser }, { [messageId]: 'x' }), ...base };
  };
  const isEvent = ({ kind }: Said) => kind === 'named' || kind === 'event';
  const isNaming = ({ kind }: Said) => kind !== 'event' && kind !== 'traits';

  /** Who did what by the rule alone: whoever said last, by then, who they are there; before the first, the first. */
  const reference = (all: readonly Said[]) => {
    const owners: Record<string, string[]> = {};
    for (const one of all.filter(isEvent)) {
      const there = all
        .filter(other => other.browser === one.browser && isNaming(other))
        .sort((x, y) => x.at - y.at);
      const owner = isNaming(one)
        ? one.person
        : ((there.findLast(({ at }) => at <= one.at) ?? there[0])?.person ?? null);
      if (owner === null) continue;
      const name = `${owner}`;
      owners[name] = [...(owners[name] ?? []), `${one.browser}-${one.at}`].sort();
    }
    return owners;
  };

  test('whatever comes in whatever order, events are of whoever was there', async () => {
    const lives = fc.uniqueArray(said, { minLength: 6, maxLength: 18, selector: ({ at }) => at }).chain(all =>
      fc.record({
        arrival: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        cuts: fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length }),
      }),
    );
    let moves = 0;
    const property = fc.asyncProperty(lives, async ({ arrival, cuts }) => {
      story = await begin(db);
      story.at('2026-03-02T12:00:00Z');
      // Everybody's user id and address are known to belong together, and the ids of the browsers to be none of users.
      await story.call(
        ['a', 'b', 'c'].map(p => identify({ userId: p }, { email: `${p}@acme.com` }, minute(0))),
      );
      const first = (['m1', 'm2'] as const).map(
        (browser): Said => ({ at: -1, browser, person: 'a', kind: 'event' }),
      );
      await story.call(first.map(rawOf));
      let batch: Raw[] = [];
      let now = Date.parse('2026-03-02T12:00:00Z');
      const told: { readonly id: string; readonly at: number; readonly printed: unknown }[] = [];
      for (const [index, one] of arrival.entries()) {
        batch.push(rawOf(one));
        if (cuts[index] !== true && index < arrival.length - 1) continue;
        now += MINUTE;
        story.at(new Date(now).toISOString());
        await story.call(batch);
        batch = [];
        for (const { id, total } of await story.query(
          { id: 'uuid', total: 'int4?' },
          'select c.id, s.total from contact c join standing s on s.contact_id = c.id where c.merged_into is null',
        )) {
          const asked = { contactId: id, at: now, agreementId: null, version: null };
          const printed = await scoreOfContact(db, { ...asked, knownAt: LAST_INSTANT });
          if (printed !== null && 'total' in printed) expect(printed.total).toBe(total);
          told.push({ id, at: now, printed });
        }
      }
      const rows = await owned();
      expect(Object.fromEntries(Object.entries(rows).map(([name, ids]) => [name.slice(0, 1), ids]))).toEqual(
        reference([...first, ...arrival]),
      );
      moves += await story.count('event_move');
      // What was told then is what is told of then.
      for (const { id, at, printed } of told)
        expect(
          await scoreOfContact(db, { contactId: id, at, knownAt: at, agreementId: null, version: null }),
        ).toEqual(printed);
    });
    await fc.assert(property, { numRuns: Number(process.env.BATON_SIGHTING_RUNS ?? '4'), seed: 7 });
    expect(moves).toBeGreaterThan(0);
  }, 600_000);
});
