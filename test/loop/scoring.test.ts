import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { activateVersion, saveAgreementVersion } from '../../src/db/agreement/agreement.ts';
import type { Database } from '../../src/db/database.ts';
import { getScoring } from '../../src/server/api/agreement.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person } from '../world/app.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const visit = (userId: string) => ({ type: 'page', userId });

describe.each(DRIVERS)('the progress of scoring on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  const scoring = async (id = 'core') => {
    const { app } = story;
    // The node that sweeps is the one that is asked: what it saw to be scored is in its own memory.
    const asked = { ...makeWorld(db, { now: app.clock() }).as(person('bob')), app };
    const given = { params: { id }, query: undefined, body: undefined };
    const found = await getScoring(asked, given);
    expect(api.getScoring.output.parse(found)).toEqual(found);
    return found;
  };
  const activate = async (body: object) => {
    const now = story.app.clock();
    const given = { id: 'core', name: 'Loop', source: JSON.stringify(body), body, createdBy: 'Ann', now };
    const { version } = await db.transaction(sql => saveAgreementVersion(sql, given));
    expect(await activateVersion(db, { id: 'core', version, now })).toBe(true);
  };

  test('counts who is scored under the version that is active, and ends with the last of them', async () => {
    const { at, call, tick } = story;
    at('2026-03-02T10:00:00Z');
    expect(await scoring()).toEqual({ version: 1, scoring: null });
    await call(['u1', 'u2', 'u3'].map(visit));
    expect(await scoring()).toEqual({ version: 1, scoring: null });
    await activate({ ...AGREEMENT, description: 'the second' });
    expect(await scoring()).toEqual({ version: 2, scoring: { scored: 0, contacts: 3 } });
    await call(visit('u2'));
    expect(await scoring()).toEqual({ version: 2, scoring: { scored: 1, contacts: 3 } });
    await tick();
    expect(await scoring()).toEqual({ version: 2, scoring: null });
  });

  test('counts nobody twice who was joined to another', async () => {
    const { call } = story;
    await call([visit('u1'), { type: 'page', anonymousId: 'a1' }, visit('u2')]);
    await activate({ ...AGREEMENT, description: 'the second' });
    await call({ type: 'identify', userId: 'u1', anonymousId: 'a1' });
    expect(await scoring()).toEqual({ version: 2, scoring: { scored: 1, contacts: 2 } });
  });

  test('is not counted for a while after the sweeps found all scored, whatever the version before', async () => {
    const { at, call, query, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call(visit('u1'));
    await tick();
    await query({}, 'update standing set version = 0');
    at('2026-03-02T10:00:29Z');
    expect(await scoring()).toEqual({ version: 1, scoring: null });
    await activate({ ...AGREEMENT, description: 'the second' });
    expect(await scoring()).toEqual({ version: 2, scoring: { scored: 0, contacts: 1 } });
    await activateVersion(db, { id: 'core', version: 1, now: story.app.clock() });
    at('2026-03-02T10:00:30Z');
    expect(await scoring()).toEqual({ version: 1, scoring: null });
    // Only an import leaves contacts to be scored later: after one they are looked at again.
    await query(
      {},
      `insert into import_batch (id, kind, file, created_at) values (gen_random_uuid(), 'events', 'f', $1)`,
      '2026-03-02T09:00:00Z',
    );
    expect(await scoring()).toEqual({ version: 1, scoring: { scored: 0, contacts: 1 } });
    await query({}, 'delete from import_batch');
    at('2026-03-02T10:10:00Z');
    expect(await scoring()).toEqual({ version: 1, scoring: { scored: 0, contacts: 1 } });
  });

  test('is of an agreement of which a version is active', async () => {
    await expect(scoring('other')).rejects.toMatchObject({ status: 404 });
    await story.query({}, 'update agreement set active_version = null');
    await expect(scoring()).rejects.toMatchObject({ status: 404 });
  });
});
