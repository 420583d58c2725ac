import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  test('an id that stands for none joins nobody', async () => {
    await story.call([
      { type: 'identify', userId: 'vic-1', traits: { email: 'vera@verna.example', firstName: 'Vera' } },
      { type: 'identify', userId: 'vic-2', traits: { email: 'wim@wolde.example', firstName: 'Wim' } },
    ]);
    await story.call([
      { type: 'identify', userId: 'null', traits: { email: 'vera@verna.example' } },
      { type: 'identify', userId: 'null', traits: { email: 'wim@wolde.example' } },
      { type: 'identify', userId: 'vic-1', anonymousId: '[object Object]', traits: { email: 'undefined' } },
      { type: 'track', event: 'Demo Requested', userId: 'vic-2', anonymousId: '[object Object]' },
    ]);
    expect((await story.see('vic-1')).contact).toMatchObject({ email: 'vera@verna.example' });
    expect((await story.see('vic-2')).contact).toMatchObject({ email: 'wim@wolde.example' });
    expect(await story.count('contact')).toBe(2);
  });

  test('a group id that stands for none joins no companies, and what it says is each contact’s own', async () => {
    const names = ['Larch Ltd', 'Maple Inc', 'Nettle AG'];
    await story.call(
      names.flatMap((name, n) => [
        { type: 'identify', userId: `g${n}`, traits: { email: `p${n}@gmail.com` } },
        { type: 'group', userId: `g${n}`, groupId: 'undefined', traits: { name } },
      ]),
    );
    const rows = await story.query(
      { name: 'text?' },
      'select company_name as name from contact order by company_name',
    );
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(await story.count('company')).toBe(0);
  });
});
