import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { reopenLead } from '../../src/loop/decision/reopening.ts';
import { getCohorts, getCohortsFile } from '../../src/server/report/cohort.ts';
import { getVelocityRate, getVelocityRateFile } from '../../src/server/report/growth.ts';
import { getScoreHealth, getScoreHealthFile } from '../../src/server/report/health.ts';
import { getRejections, getRejectionsFile } from '../../src/server/report/rejection.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked, listedLeads } from '../world/asked.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY, HOUR } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  targets: { acceptance: [0.65, 0.75], minSample: 2, decisionWindow: '7d', mqlPerWeek: 4 },
};

type Given = Readonly<Record<string, unknown>>;

describe.each(DRIVERS)('counts on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let contactId: string;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db, { body: BODY });
    contactId = await addContact(db);
    world = makeWorld(db, { now: NOW });
  });

  const none = { params: undefined, body: undefined };
  const ann = () => world.as(person('ann'));
  const handOver = (at: string, given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId, handedOffAt: Date.parse(at), endedAt: Date.parse(at), ...given });
  const listed = (leads: string, more: Readonly<Record<string, string>> = {}) =>
    listedLeads(world, leads, more);

  describe('of lead velocity', () => {
    const report = (query: Given = {}) =>
      getVelocityRate(ann(), { ...none, query: asked('getVelocityRate', query) });

    test('with nothing handed over have empty months and no growth', async () => {
      const { rows, total, by } = await report();
      const nothing = { count: 0, growth: null, mean3: null };
      expect([rows.length, by]).toEqual([13, 'month']);
      expect(rows.every(({ mql, sql }) => mql.growth === null && sql.mean3 === null)).toBe(true);
      expect(total).toMatchObject({ mql: nothing, sql: nothing });
    });

    test('compare the first month with the one before the range, and list what they count', async () => {
      await handOver('2026-01-05T00:00:00Z', { decision: 'accepted' });
      await handOver('2026-01-31T23:59:59.999Z');
      // Decided before its handoff by the clock of another system, and in another month: it counts in that of its handoff.
      await handOver('2026-02-01T00:00:00Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 0, 3) });
      await handOver('2026-02-02T00:00:00Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 2, 3) });
      await handOver('2026-02-03T00:00:00Z', { decision: 'rejected' });
      const sent = await handOver('2026-02-10T00:00:00Z', { decision: 'accepted' });
      await db.script(`update episode set disqualifier = 'rival' where id = '${sent}'`);
      const { rows, total } = await report({ from: '2026-02-01' });
      expect(rows).toMatchObject([
        { key: '2026-02', mql: { count: 3, growth: 0.5 }, sql: { count: 2, growth: 1 }, whole: true },
        { key: '2026-03', mql: { count: 0, growth: -1 }, sql: { count: 0, growth: -1 }, whole: false },
      ]);
      for (const row of [...rows, total]) {
        expect(await listed(row.leads)).toHaveLength(row.mql.count);
        expect(await listed(row.leads, { outcome: 'accepted' })).toHaveLength(row.sql.count);
      }
    });

    test('say as of a past day what was accepted by then', async () => {
      await handOver('2026-02-01T00:00:00Z', { decision: 'accepted', decidedAt: NOW - DAY });
      const accepted = async (query: Given) =>
        (await report({ from: '2026-02-01', ...query })).total.sql.count;
      expect(await accepted({})).toBe(1);
      expect(await accepted({ at: new Date(NOW - 2 * DAY).toISOString() })).toBe(0);
    });

    test('of a range in the future have no rows', async () => {
      expect((await report({ from: '2027-01-01' })).rows).toEqual([]);
    });

    test('come as a file', async () => {
      await handOver('2026-03-01T00:00:00Z');
      const { name, text } = await getVelocityRateFile(ann(), {
        ...none,
        query: asked('getVelocityRateFile', { from: '2026-03-01' }),
      });
      expect(name).toBe('velocity-rate-by-month.csv');
      expect(String(text).split('\r\n').slice(0, 2)).toEqual([
        '"month","label","mql.count","sql.count","whole"',
        '"2026-03","March 2026","1","0","no"',
      ]);
    });
  });

  /** Forty leads over two months, of all kinds that figures tell apart. */
  const handOverForty = async () => {
    const decisions = ['accepted', 'rejected', null, 'rejected'] as const;
    const reasons = ['no_budget', null, 'a&b', ' timing '] as const;
    const sources = ['a&b=c', ' fair ', null] as const;
    for (let day = 0; day < 40; day++) {
      const at = new Date(Date.UTC(2026, 0, 1) + day * DAY).toISOString();
      const decision = decisions[day % 4] ?? null;
      const id = await handOver(at, {
        decision,
        reason: decision === 'rejected' ? (reasons[(day >> 2) % 4] ?? null) : null,
        source: sources[day % 3] ?? null,
        total: 30 + ((day * 7) % 50),
        ...(day % 8 === 4 ? { state: 'won', endedAt: Date.parse(at) + 2 * DAY } : {}),
      });
      const grade = day % 5 === 0 ? 'null' : `'${'ABC'[day % 3]}'`;
      await db.script(`update episode set grade = ${grade} where id = '${id}'`);
      if (day % 10 === 9) await db.script(`update episode set disqualifier = 'rival' where id = '${id}'`);
    }
  };
  const RANGE = { from: '2026-01-01', to: '2026-03-01' };

  describe('of the health of scores', () => {
    const report = (query: Given = {}) =>
      getScoreHealth(ann(), { ...none, query: asked('getScoreHealth', query) });

    test.each(['month', 'grade', 'tenth', 'band'])(
      'with nothing handed over by %s have no rates',
      async by => {
        const { rows, total } = await report({ by });
        expect(rows).toHaveLength(by === 'month' ? 13 : 0);
        expect(total).toMatchObject({
          ...{ handedOff: 0, meanTotal: null, auc: { value: null, n: 0 }, wonRate: { value: null } },
          mqlPerWeek: { mean: 0, target: 4 },
        });
      },
    );

    test('of one lead, decided before its handoff, are of one lead', async () => {
      await handOver('2026-03-01T00:00:00Z', {
        decision: 'accepted',
        decidedAt: Date.UTC(2026, 1, 1),
        total: 64,
      });
      const { rows, total } = await report({ by: 'band', from: '2026-03-01' });
      expect(rows).toMatchObject([
        { key: '60-69', handedOff: 1, acceptanceRate: { n: 1, of: 1, enough: false }, meanTotal: 64 },
      ]);
      expect(total).toMatchObject({ auc: { value: null, n: 1 }, mqlPerWeek: { mean: 7 / (14 + 10 / 24) } });
    });

    test('list exactly the leads that they count, and add up', async () => {
      await handOverForty();
      for (const by of ['month', 'grade', 'tenth', 'band']) {
        const { rows, total } = await report({ ...RANGE, by });
        expect(rows.reduce((sum, row) => sum + row.handedOff, 0)).toBe(total.handedOff);
        expect([total.handedOff, total.wonRate.n]).toEqual([36, 5]);
        for (const row of [...rows, total]) {
          expect(await listed(row.leads)).toHaveLength(row.handedOff);
          expect(await listed(row.leads, { won: 'yes' })).toHaveLength(row.wonRate.n);
          expect(await listed(row.leads, { won: 'no' })).toHaveLength(row.handedOff - row.wonRate.n);
          expect(await listed(row.leads, { outcome: 'accepted' })).toHaveLength(row.acceptanceRate.n);
        }
      }
    });

    test('as of a past day know no later decision and no later win', async () => {
      await handOver('2026-02-01T00:00:00Z', { decision: 'accepted', state: 'won', endedAt: NOW - DAY });
      const { total } = await report({ ...RANGE, at: new Date(NOW - 2 * DAY).toISOString() });
      expect(total).toMatchObject({ acceptanceRate: { n: 1 }, wonRate: { n: 0 } });
      expect((await report(RANGE)).total.wonRate.n).toBe(1);
      expect(await listed(total.leads, { won: 'yes' })).toEqual([]);
    });

    test('come as a file', async () => {
      await handOver('2026-02-01T00:00:00Z');
      const query = asked('getScoreHealthFile', { ...RANGE, by: 'band' });
      const { name, text } = await getScoreHealthFile(ann(), { ...none, query });
      expect(name).toBe('score-health-by-band.csv');
      expect(String(text)).toMatch(
        /^"band","label","handedOff","acceptanceRate.n".*\r\n"70-79","70 to 79 points","1"/,
      );
    });
  });

  describe('of cohorts', () => {
    const report = (query: Given = {}) => getCohorts(ann(), { ...none, query: asked('getCohorts', query) });
    const win = async (at: string, won: string, deal: string, given: Given = {}) => {
      const id = await handOver(at, {
        ...{ decision: 'accepted', state: 'won', endedAt: Date.parse(won) },
        ...given,
      });
      await db.script(`update episode set ${deal} where id = '${id}'`);
    };

    test('with nothing handed over, or in the future, are empty', async () => {
      const { rows, total } = await report();
      expect([rows.length, total.contacts, total.value]).toEqual([13, 0, {}]);
      expect((await report({ from: '2027-01-01' })).rows).toEqual([]);
    });

    test('count a contact in the month of its first MQL, with all that it was won for since', async () => {
      const [bob, eve, dan, old] = [
        await addContact(db),
        await addContact(db),
        await addContact(db),
        await addContact(db),
      ];
      // Ann: sent away in January, no MQL; then in February, won for euros, and again a month later for yen.
      const sent = await handOver('2026-01-02T00:00:00Z');
      await db.script(`update episode set disqualifier = 'rival' where id = '${sent}'`);
      await win('2026-02-02T00:00:00Z', '2026-02-20T00:00:00Z', `amount = 100, currency = 'EUR'`);
      await win('2026-02-25T00:00:00Z', '2026-03-02T00:00:00Z', `amount = 9000, currency = 'JPY'`);
      // Bob: won at once by the clock of another system, before his handoff, in dollars.
      await win('2026-02-03T00:00:00Z', '2026-01-03T00:00:00Z', `amount = 40, currency = 'USD'`, {
        contactId: bob,
      });
      await handOver('2026-02-04T00:00:00Z', { contactId: eve, decision: 'rejected' });
      await win('2026-03-04T00:00:00Z', '2026-03-05T00:00:00Z', 'amount = null', { contactId: dan });
      // Long known: a first handoff before the range.
      await handOver('2024-01-01T00:00:00Z', { contactId: old });
      await handOver('2026-02-05T00:00:00Z', { contactId: old });
      const { rows, total } = await report({ from: '2026-01-01' });
      expect(rows).toMatchObject([
        { key: '2026-01', contacts: 0, customers: 0, value: {} },
        {
          ...{ key: '2026-02', contacts: 3, customers: 2, value: { EUR: 100, JPY: 9000, USD: 40 } },
          ...{ valuePerLead: { EUR: 100 / 3 }, valuePerCustomer: { EUR: 100, JPY: 9000, USD: 40 } },
          months: [
            { month: 0, customers: 2, value: { EUR: 100, USD: 40 } },
            { month: 1, customers: 2, value: { EUR: 100, JPY: 9000, USD: 40 } },
          ],
        },
        { key: '2026-03', contacts: 1, customers: 1, value: {}, months: [{ month: 0, customers: 1 }] },
      ]);
      for (const row of [...rows, total]) {
        expect(await listed(row.leads)).toHaveLength(row.contacts);
        expect(await listed(row.leads, { customer: 'yes' })).toHaveLength(row.customers);
      }
      const past = await report({ from: '2026-01-01', at: '2026-03-01' });
      expect(past.total).toMatchObject({ contacts: 4, customers: 2, value: { EUR: 100, USD: 40 } });
      expect(await listed(past.total.leads, { customer: 'yes' })).toHaveLength(2);
      expect(past.rows.map(({ months }) => months.length)).toEqual([3, 2, 1]);
    });

    test('filter by the first handoff, and know the agreements apart', async () => {
      await addAgreement(db, { id: 'other', body: BODY });
      await handOver('2026-01-02T00:00:00Z', { agreementId: 'other', source: 'ads' });
      await win('2026-02-02T00:00:00Z', '2026-02-20T00:00:00Z', 'amount = 5', { source: 'fair' });
      const contacts = async (query: Given) =>
        (await report({ from: '2026-01-01', ...query })).rows.map(row => [row.contacts, row.customers]);
      expect(await contacts({})).toEqual([
        [1, 1],
        [0, 0],
        [0, 0],
      ]);
      expect(await contacts({ agreement: 'core' })).toEqual([
        [0, 0],
        [1, 1],
        [0, 0],
      ]);
      expect(await contacts({ agreement: 'other' })).toEqual([
        [1, 0],
        [0, 0],
        [0, 0],
      ]);
      expect(await contacts({ source: 'ads' })).toEqual([
        [1, 1],
        [0, 0],
        [0, 0],
      ]);
      expect(await contacts({ source: 'fair' })).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    test('asked as far in the future as can be written are as old as they are', async () => {
      await handOver('2026-03-01T00:00:00Z');
      const { rows } = await report({ from: '2026-03-01', at: '9999-12-31' });
      expect(rows[0]?.months).toHaveLength(1);
    });

    test('come as a file with columns for each month since', async () => {
      await win('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z', `amount = 7, currency = 'EUR'`);
      const query = asked('getCohortsFile', { from: '2026-03-01' });
      const { name, text } = await getCohortsFile(ann(), { ...none, query });
      expect(name).toBe('cohorts-by-month.csv');
      expect(String(text).split('\r\n')[0]).toBe(
        '"month","label","contacts","customers","value.EUR","valuePerLead.EUR","valuePerCustomer.EUR",' +
          '"months.0.contacts","months.0.customers","months.0.value.EUR"',
      );
    });
  });

  describe('of rejections', () => {
    const answer = (query: Given = {}) =>
      getRejections(ann(), { ...none, query: asked('getRejections', query) });
    const report = async (query: Given = {}) => {
      const found = await answer(query);
      if (found.by === 'rule') throw new Error('these rows are by rule');
      return found;
    };
    const byRule = async (query: Given = {}) => {
      const found = await answer({ ...query, by: 'rule' });
      if (found.by !== 'rule') throw new Error('these rows are not by rule');
      return found;
    };

    test('with nothing rejected are empty', async () => {
      await handOver('2026-03-01T00:00:00Z', { decision: 'accepted' });
      const { rows, total, by } = await report({ and: 'month' });
      expect([rows, by]).toEqual([[], 'reason']);
      expect(total).toMatchObject({ rejected: 0, share: { value: null, of: 0 }, cells: [] });
    });

    test('list exactly the leads that each row and cell counts', async () => {
      await handOverForty();
      for (const [by, and] of [
        ['reason', 'source'],
        ['source', 'month'],
        ['month', 'reason'],
        ['grade', 'owner'],
        ['path', undefined],
      ]) {
        const { rows, total } = await report({ ...RANGE, by, ...(and === undefined ? {} : { and }) });
        expect(total.rejected).toBe(16);
        expect(rows.reduce((sum, row) => sum + row.rejected, 0)).toBe(total.rejected);
        for (const row of [...rows, total]) {
          expect(await listed(row.leads)).toHaveLength(row.rejected);
          if (and !== undefined)
            expect(row.cells.reduce((sum, cell) => sum + cell.rejected, 0)).toBe(row.rejected);
          for (const cell of row.cells) expect(await listed(cell.leads)).toHaveLength(cell.rejected);
        }
      }
    });

    test('asked as of a past day say what they said on it, also of what was taken back since', async () => {
      await addUser(db, { name: 'Ann' });
      const id = await handOver('2026-03-01T00:00:00Z', {
        ...{ decision: 'rejected', decidedAt: NOW - HOUR, reason: 'no_budget', reasonLabel: 'No budget' },
        ownerId: 'ann',
      });
      const figures = async (query: Given = {}) => {
        const { rows } = await report({ from: '2026-03-01', and: 'owner', ...query });
        for (const row of rows) expect(await listed(row.leads)).toEqual([id]);
        return rows.map(({ key, label, rejected, cells }) => [key, label, rejected, cells[0]?.key]);
      };
      const said = await figures();
      expect(said).toEqual([['no_budget', 'No budget', 1, 'ann@acme.example']]);
      await reopenLead(world.app, id, { actor: 'Ann', userId: 'ann', now: NOW, scope: 'all' });
      expect(await figures()).toEqual([]);
      expect(await figures({ at: new Date(NOW - 1).toISOString() })).toEqual(said);
      expect(await figures({ at: new Date(NOW - 2 * HOUR).toISOString() })).toEqual([]);
    });

    test('are not split by what they are grouped by', async () => {
      await expect(report({ by: 'source', and: 'source' })).rejects.toMatchObject({
        ...{ status: 400, problems: [{ path: 'query.and' }] },
      });
    });

    test('by rule count where it fired and where it was decisive, and list exactly these leads', async () => {
      const rules = [
        { id: 'demo', label: 'Asked for a demo', score: 'fit', points: 40, on: 'Demo Requested' },
        { id: 'vp', score: 'fit', points: 20, when: { 'contact.title': { hasWord: 'VP' } } },
      ];
      await addAgreement(db, { id: 'ruled', body: { ...BODY, rules } });
      const of = (fired: readonly string[], decisive: readonly string[], given: Given) =>
        handOver('2026-02-03T00:00:00Z', { agreementId: 'ruled', fired, decisive, ...given });
      const profile = { decision: 'rejected', reason: 'profile', source: 'fair' };
      await of(['demo', 'vp'], ['demo'], profile);
      await of(['demo', 'vp'], ['demo', 'vp'], profile);
      await of(['demo'], [], { ...profile, reason: 'budget' });
      await of(['demo', 'old'], ['old'], { decision: 'accepted', source: 'fair' });
      await of([], [], { decision: 'rejected', reason: 'profile', source: 'ads' });
      await of(['vp'], ['vp'], {});
      const sent = await of(['vp'], ['vp'], { decision: 'rejected' });
      await db.script(`update episode set disqualifier = 'rival' where id = '${sent}'`);
      const later = await of([], [], { decision: 'accepted' });
      await db.script(`update episode set fired = null, decisive = null where id = '${later}'`);

      const { rows, total } = await byRule(RANGE);
      const effects = rows.map(row => [
        row.key,
        row.label,
        ...[row.rejected, row.accepted].flatMap(Object.values),
      ]);
      expect(effects).toEqual([
        ['demo', 'Asked for a demo', 3, 2, 1, 0],
        ['vp', 'Job title has the word “VP”', 2, 1, 0, 0],
        ['old', 'old', 0, 0, 1, 1],
      ]);
      expect(rows[0]).toMatchObject({
        ...{ share: { n: 3, of: 4 }, rejectionRate: { n: 3, of: 4 }, restRate: { n: 1, of: 2 } },
      });
      expect(total).toMatchObject({
        ...{ rejected: { fired: 3, decisive: 2 }, accepted: { fired: 1, decisive: 1 }, pending: 1 },
        ...{ decided: { rejected: 4, accepted: 2 }, rejectionRate: { n: 4, of: 6 } },
      });
      const check = async (row: (typeof rows)[number]) => {
        for (const outcome of ['rejected', 'accepted'] as const) {
          expect(await listed(row.leads, { outcome })).toHaveLength(row[outcome].fired);
          expect(await listed(row.leads, { outcome, decisive: 'yes' })).toHaveLength(row[outcome].decisive);
        }
        expect(await listed(row.leads)).toHaveLength(row.rejected.fired + row.accepted.fired);
      };
      for (const row of rows) await check(row);
      expect(await listed(total.leads)).toHaveLength(6);

      const narrow = await byRule({ ...RANGE, source: 'fair', reason: 'profile', rule: ['demo', 'vp'] });
      expect(narrow.rows.map(row => [row.key, row.rejected, row.rejectionRate.value])).toEqual([
        ['demo', { fired: 2, decisive: 2 }, null],
        ['vp', { fired: 2, decisive: 1 }, null],
      ]);
      for (const row of narrow.rows) await check(row);
      const sources = await report({
        ...RANGE,
        by: 'source',
        reason: 'profile',
        rule: 'demo',
        decisive: 'yes',
      });
      expect(sources.rows.map(row => [row.key, row.rejected])).toEqual([['fair', 2]]);
      for (const row of [...sources.rows, sources.total])
        expect(await listed(row.leads)).toHaveLength(row.rejected);
      const cells = await report({ ...RANGE, by: 'source', and: 'reason' });
      expect(cells.rows[0]?.cells).toMatchObject([
        { key: 'profile', rejected: 2, share: { n: 2, of: 3 } },
        { key: 'budget', rejected: 1, share: { n: 1, of: 3 } },
      ]);

      const query = asked('getRejectionsFile', { ...RANGE, by: 'rule' });
      const { name, text } = await getRejectionsFile(ann(), { ...none, query });
      expect(name).toBe('rejections-by-rule.csv');
      expect(String(text)).toMatch(/^"rule","label","rejected.fired","rejected.decisive","accepted.fired"/);
    });

    test('by rule as of a past day count what was decided by then', async () => {
      await handOver('2026-03-01T00:00:00Z', { decision: 'rejected', decidedAt: NOW - DAY, fired: ['a'] });
      const fired = async (query: Given) =>
        (await byRule({ ...RANGE, to: '2026-04-01', ...query })).rows.length;
      expect([await fired({}), await fired({ at: new Date(NOW - 2 * DAY).toISOString() })]).toEqual([1, 0]);
    });

    test.each([{ and: 'source' }, { decisive: 'yes' }])('by rule refuse %j', async query => {
      await expect(answer({ by: 'rule', ...query })).rejects.toMatchObject({
        ...{ status: 400, problems: [{ path: `query.${Object.keys(query)[0]}` }] },
      });
    });

    test('come as a file, with a line for each cell', async () => {
      await handOver('2026-03-01T00:00:00Z', { decision: 'rejected', reason: '=cmd()', source: 'ads' });
      const query = asked('getRejectionsFile', { from: '2026-03-01', and: 'source' });
      const { name, text } = await getRejectionsFile(ann(), { ...none, query });
      expect(name).toBe('rejections-by-reason.csv');
      expect(String(text).split('\r\n')[1]).toMatch(/^"'=cmd\(\)","'=cmd\(\)","ads","ads","1"/);
    });
  });
});
