import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

type Raw = Readonly<Record<string, unknown>>;
const KAY = 'kay@kayco.example';
const track = (ids: Raw, traits?: Raw) => ({
  type: 'track',
  event: 'Whitepaper Downloaded',
  ...ids,
  ...(traits === undefined ? {} : { context: { traits } }),
});
const identify = (ids: Raw, traits: Raw = {}, context: Raw = {}) => ({
  type: 'identify',
  ...ids,
  traits,
  context,
});

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
  });

  const byUser = [identify({ userId: KAY }, { firstName: 'Kay' }), track({ userId: KAY })];
  const byAddress = [identify({ anonymousId: 'kay-an' }, { email: KAY }), track({ anonymousId: 'kay-an' })];
  test.each([
    ['the user id first', [...byUser, ...byAddress]],
    ['the address first', [...byAddress, ...byUser]],
    ['by an event alone', [track({ userId: KAY }), ...byAddress, ...byUser]],
    ['in another case', [...byAddress, identify({ userId: 'Kay@KayCo.example' }, { firstName: 'Kay' })]],
  ])('a user id that is an address is one contact with that address: %s', async (_name, calls) => {
    for (const call of calls) await story.call(call);
    expect(await story.count('contact where merged_into is null')).toBe(1);
    expect((await story.see('kay-an')).contact).toMatchObject({
      email: KAY,
      firstName: 'Kay',
      emailKind: 'business',
    });
    const email = await story.query({ email: 'text?' }, 'select email from contact');
    expect(email).toEqual([{ email: KAY }]);
  });

  test('an address in the place of a user id gives way to one that is told, and does not come back', async () => {
    await story.call(identify({ userId: KAY }, { email: 'kay@new.example' }));
    await story.call([identify({ userId: KAY }, { firstName: 'Kay' }), track({ userId: KAY })]);
    expect((await story.see('kay@new.example')).contact).toMatchObject({ email: 'kay@new.example' });
  });

  test('a public key only claims by it', async () => {
    await story.call(identify({ userId: 'u1' }, { email: KAY, title: 'VP' }));
    await story.call(track({ userId: KAY }, { title: 'Clerk', phone: '1' }), { trust: 'public' });
    const kay = await story.see('u1');
    expect(kay).toMatchObject({ contact: { title: 'VP', phone: '1' }, events: 1 });
    expect(kay.unverified).toEqual(['contact.phone']);
  });

  test('traits in the context of a call are read, below those of an identify, and later ones win', async () => {
    await story.call(
      track(
        { userId: 'ctx-1' },
        { email: 'cora.x@traitly.example', firstName: 'Cora', company: { name: 'Traitly' } },
      ),
    );
    const cora = await story.see('cora.x@traitly.example');
    expect(cora).toMatchObject({ name: 'Cora', contact: { emailDomain: 'traitly.example' }, events: 1 });
    story.at('2026-03-02T11:00:00Z');
    await story.call(
      identify(
        { userId: 'ctx-1' },
        { title: 'VP' },
        { traits: { title: 'Clerk', lastName: 'X', company: { size: 5 } } },
      ),
    );
    expect((await story.see('ctx-1')).contact).toMatchObject({
      title: 'VP',
      lastName: 'X',
      firstName: 'Cora',
    });
    story.at('2026-03-02T12:00:00Z');
    await story.call(track({ userId: 'ctx-1' }, { title: 'Chief' }));
    expect((await story.see('ctx-1')).contact).toMatchObject({ title: 'Chief' });
  });

  test('traits that are repeated with each call make no new fact, and those of a visitor go with the person', async () => {
    const traits = { email: 'cora@traitly.example', title: 'VP', company: { name: 'Traitly' } };
    await story.call([track({ userId: 'c1' }, traits), track({ userId: 'c1' }, traits)]);
    for (const hour of [11, 12]) {
      story.at(`2026-03-02T${hour}:00:00Z`);
      await story.call([
        track({ userId: 'c1' }, traits),
        { type: 'page', userId: 'c1', context: { traits } },
      ]);
    }
    expect(await story.count('profile_fact')).toBe(1);
    expect(await story.count('company')).toBe(1);
    await story.call(track({ anonymousId: 'v1' }, { title: 'Visitor' }));
    await story.call(identify({ userId: 'c2', anonymousId: 'v1' }));
    expect((await story.see('c2')).contact).toMatchObject({ title: 'Visitor' });
  });
});
