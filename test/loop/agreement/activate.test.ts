import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { activateAgreement } from '../../../src/loop/agreement/activate.ts';
import { DRIVERS } from '../../db/opened.ts';
import { empty } from '../../world/empty.ts';
import { AGREEMENT } from '../agreement.ts';

const NOW = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('the activation of an agreement on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => empty(db, ['agreement', 'journal']));

  const activate = (name: string, by: { readonly actor?: string; readonly handsOver?: boolean } = {}) =>
    activateAgreement(db, JSON.stringify({ ...AGREEMENT, name }), { actor: 'Meg', now: NOW, ...by });
  const entries = () =>
    db.run<{ readonly version: number; readonly particulars: { readonly before: number | null } }>(
      {
        name: '',
        text: 'select kind, contact_id, agreement_id, version, at, actor, particulars from journal order by id',
      },
      [],
    );

  test('says in the journal who made which version the active one, and which was active before', async () => {
    expect(await activate('One')).toBe(true);
    expect(await activate('Two', { actor: 'Ann', handsOver: true })).toBe(true);
    expect(await activate('One')).toBe(true);
    const always = { kind: 'agreement_activated', contact_id: null, agreement_id: 'one', at: NOW };
    expect(await entries()).toEqual([
      {
        ...always,
        version: 1,
        actor: 'Meg',
        particulars: { name: 'One', version: 1, before: null, handsOver: false },
      },
      {
        ...always,
        version: 2,
        actor: 'Ann',
        particulars: { name: 'Two', version: 2, before: 1, handsOver: true },
      },
      {
        ...always,
        version: 1,
        actor: 'Meg',
        particulars: { name: 'One', version: 1, before: 2, handsOver: false },
      },
    ]);
  });

  test('of the version that is active already changes nothing and says nothing', async () => {
    await activate('One');
    expect(await activate('One', { handsOver: true })).toBe(false);
    expect(await entries()).toHaveLength(1);
  });

  test('by several at the same time names each version that was active before, in turn', async () => {
    await activate('One');
    await Promise.all(['Two', 'Three', 'Four'].map(name => activate(name)));
    const told = await entries();
    expect(told.map(({ particulars }) => particulars.before)).toEqual([
      null,
      ...told.slice(0, -1).map(({ version }) => version),
    ]);
  });
});
