import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import {
  activateVersion,
  loadActiveVersions,
  loadVersion,
  saveAgreementVersion,
} from '../../src/db/agreement/agreement.ts';
import type { Database } from '../../src/db/database.ts';
import { getAgreementVersion, listAgreements } from '../../src/server/api/agreement.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { clear } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('agreements on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    world = makeWorld(db, { now: NOW });
  });

  const save = (given: { readonly id?: string; readonly source: string; readonly now?: number }) =>
    db.transaction(sql =>
      saveAgreementVersion(sql, {
        id: 'core',
        name: 'Core',
        body: { source: given.source },
        createdBy: 'Ann',
        now: NOW,
        ...given,
      }),
    );
  const activate = (version: number, given: { readonly id?: string; readonly now?: number } = {}) =>
    activateVersion(db, { id: 'core', version, now: NOW, ...given });
  const list = async () => {
    const page = await listAgreements(world.as(person('ann')), {
      params: undefined,
      query: undefined,
      body: undefined,
    });
    expect(api.listAgreements.output.parse(page)).toEqual(page);
    return page.items;
  };

  test('number their versions from one, and a text that is kept already gives its version again', async () => {
    expect(await save({ source: 'a' })).toEqual({ id: 'core', version: 1, isNew: true });
    expect(await save({ source: 'b' })).toEqual({ id: 'core', version: 2, isNew: true });
    expect(await save({ source: 'a' })).toEqual({ id: 'core', version: 1, isNew: false });
    expect(await save({ source: 'a', id: 'other' })).toEqual({ id: 'other', version: 1, isNew: true });
    expect(await save({ source: 'c' })).toEqual({ id: 'core', version: 3, isNew: true });
  });

  test('get every number once when several nodes save at the same time', async () => {
    const saved = await Promise.all(['a', 'b', 'c', 'd', 'a', 'b'].map(source => save({ source })));
    expect(saved.map(({ version }) => version).sort()).toHaveLength(6);
    expect(new Set(saved.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4]));
    expect(saved.filter(({ isNew }) => isNew)).toHaveLength(4);
  });

  test('have no active version until one is activated; then that one holds', async () => {
    await save({ source: 'a' });
    await save({ source: 'b' });
    expect(await loadActiveVersions(db)).toEqual([]);
    expect(await activate(2)).toBe(true);
    expect(await loadActiveVersions(db)).toEqual([{ id: 'core', version: 2, hands_over: false }]);
    expect(await activate(1)).toBe(true);
    expect((await loadActiveVersions(db)).map(({ version }) => version)).toEqual([1]);
  });

  test('cannot be activated in a version that is not there, and stay as they were', async () => {
    await save({ source: 'a' });
    await activate(1);
    expect(await activate(2)).toBe(false);
    expect(await activate(1, { id: 'other' })).toBe(false);
    expect((await loadActiveVersions(db)).map(({ version }) => version)).toEqual([1]);
  });

  test('are listed active ones first in the order in which they lead, versions from the newest down', async () => {
    await save({ source: 'a', id: 'idle', now: NOW - 3 });
    await save({ source: 'a', id: 'young', now: NOW - 1 });
    await save({ source: 'a', id: 'old', now: NOW - 2 });
    await save({ source: 'b', id: 'old', now: NOW });
    await activate(1, { id: 'young', now: NOW });
    await activate(2, { id: 'old', now: NOW });
    const items = await list();
    expect(items.map(({ id, activeVersion }) => [id, activeVersion])).toEqual([
      ['old', 2],
      ['young', 1],
      ['idle', null],
    ]);
    expect(items[0]?.versions).toEqual([
      {
        version: 2,
        createdAt: '2026-03-15T10:00:00.000Z',
        activatedAt: '2026-03-15T10:00:00.000Z',
        createdBy: 'Ann',
      },
      { version: 1, createdAt: '2026-03-15T09:59:59.998Z', activatedAt: null, createdBy: 'Ann' },
    ]);
  });

  test('give a version with its text and the same as data', async () => {
    await save({ source: 'agreement: 1' });
    const get = (id: string, version: number) =>
      getAgreementVersion(world.as(person('ann')), {
        params: { id, version },
        query: undefined,
        body: undefined,
      });
    expect(await get('core', 1)).toEqual({
      id: 'core',
      name: 'Core',
      version: 1,
      source: 'agreement: 1',
      body: { source: 'agreement: 1' },
      createdAt: '2026-03-15T10:00:00.000Z',
      activatedAt: null,
      createdBy: 'Ann',
    });
    expect((await loadVersion(db, 'core', 1))?.body).toEqual({ source: 'agreement: 1' });
    for (const [id, version] of [
      ['core', 2],
      ['other', 1],
      ['core', 9_999_999_999],
    ] as const)
      await expect(get(id, version)).rejects.toMatchObject({ status: 404 });
  });
});
