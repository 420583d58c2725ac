import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, joinTransactions, type Sql } from '../../src/db/database.ts';
import { DRIVERS } from './opened.ts';

describe.each(DRIVERS)('transactions on $name', driver => {
  let db: Database;
  beforeAll(async () => {
    db = await driver.open();
    await db.script('create table kept (value int not null check (value < 10))');
  });
  beforeEach(() => db.script('delete from kept'));
  afterAll(() => db.close());

  const run = (sql: Sql, text: string) => sql.run<{ readonly value: number }>({ name: '', text }, []);
  const add = (sql: Sql, value: number) => run(sql, `insert into kept values (${value})`);
  const kept = async () => (await run(db, 'select value from kept order by value')).map(row => row.value);

  test.each([{ few: false }, { few: true }])(
    'statements started together run in their order ($few)',
    async of => {
      const [, , rows] = await db.transaction(
        sql => Promise.all([add(sql, 1), add(sql, 2), run(sql, 'select value from kept order by value')]),
        of,
      );
      expect(rows).toEqual([{ value: 1 }, { value: 2 }]);
      expect(await kept()).toEqual([1, 2]);
    },
  );

  test('it fails with what failed first, however deep', async () => {
    const deep = async (sql: Sql, left: number): Promise<unknown> =>
      left === 0 ? add(sql, 99) : deep(sql, left - 1);
    const work = db.transaction(sql => Promise.all([add(sql, 1), deep(sql, 20), add(sql, 2)]));
    await expect(work).rejects.toMatchObject({ code: '23514' });
    expect(await kept()).toEqual([]);
  });

  test('what still goes on beside a failure runs nothing outside the transaction', async () => {
    let goOn = () => {};
    const failed = new Promise<void>(resolve => {
      goOn = resolve;
    });
    let late: Promise<unknown> = Promise.resolve();
    const work = db.transaction(sql => {
      late = failed.then(() => add(sql, 3));
      late.catch(() => {});
      return Promise.all([add(sql, 99), late]);
    });
    await expect(work).rejects.toMatchObject({ code: '23514' });
    goOn();
    await expect(late).rejects.toThrow('the transaction is over');
    expect(await kept()).toEqual([]);
  });

  describe.skipIf(driver.name === 'pglite')('what meets a deadlock is run again', () => {
    const cross = (sql: Sql, [first, second]: readonly [number, number]) =>
      run(
        sql,
        `with one as (update kept set value = value where value = ${first} returning pg_sleep(0.2))
         update kept set value = value where value = ${second} and (select count(*) from one) = 1`,
      );
    const addTwo = () => db.script('insert into kept values (1), (2)');

    test('a statement by itself', async () => {
      const countMet = async () => {
        const text =
          'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()';
        const [row] = await db.run<{ readonly deadlocks: number }>({ name: '', text }, []);
        return row?.deadlocks;
      };
      await addTwo();
      await Promise.all([cross(db, [1, 2]), cross(db, [2, 1])]);
      // PostgreSQL counts with a delay.
      await expect.poll(countMet, { timeout: 5000 }).toBeGreaterThan(0);
    });

    test('a transaction, from its beginning', async () => {
      await addTwo();
      let runs = 0;
      let finish = () => {};
      const isFirstDone = new Promise<void>(resolve => {
        finish = resolve;
      });
      const write = async (pair: readonly [number, number]) => {
        let isAgain = false;
        await db.transaction(async sql => {
          runs += 1;
          // The one that is run again must not cross the other a second time, however slow the machine is.
          if (isAgain) await isFirstDone;
          isAgain = true;
          await add(sql, pair[0] + 2);
          await cross(sql, pair);
        });
        finish();
      };
      await Promise.all([write([1, 2]), write([2, 1])]);
      expect(runs).toBe(3);
      expect(await kept()).toEqual([1, 2, 3, 4]);
    });
  });

  describe('joined', () => {
    test('transactions are committed together, whatever runs between them', async () => {
      const seen = await joinTransactions(db, async joined => {
        await joined.transaction(sql => add(sql, 1));
        await add(joined, 2);
        return joined.transaction(async sql => run(sql, 'select value from kept order by value'));
      });
      expect(seen).toEqual([{ value: 1 }, { value: 2 }]);
      expect(await kept()).toEqual([1, 2]);
    });

    test.each([
      { what: 'the work fails', fail: () => Promise.reject(new Error('no')) },
      { what: 'a statement fails', fail: (sql: Sql) => add(sql, 99) },
    ])('transactions are undone together where $what', async ({ fail }) => {
      const work = joinTransactions(db, async joined => {
        await joined.transaction(sql => add(sql, 1));
        await fail(joined);
      });
      await expect(work).rejects.toThrow(/no|kept_value_check/);
      expect(await kept()).toEqual([]);
    });

    test('a transaction that fails takes the others with it, also where its failure is caught', async () => {
      const work = joinTransactions(db, async joined => {
        await joined.transaction(sql => add(sql, 1));
        const failing = joined.transaction(async sql => {
          await add(sql, 2);
          throw new Error('no');
        });
        await failing.catch(() => {});
        await joined.transaction(sql => add(sql, 3));
      });
      await expect(work).rejects.toThrow('no');
      expect(await kept()).toEqual([]);
    });

    test('transactions may be joined within each other, and know their database', async () => {
      const [origin, deeper] = await joinTransactions(db, async joined => {
        const inner = await joinTransactions(joined, async deepest => {
          await deepest.transaction(sql => add(sql, 1));
          return deepest.origin;
        });
        return [joined.origin, inner];
      });
      expect(origin).toBe(db);
      expect(deeper).toBe(db);
      expect(await kept()).toEqual([1]);
    });
  });

  test('a refusal of the work itself is told as it is', async () => {
    const work = db.transaction(async sql => {
      await add(sql, 1);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await kept()).toEqual([]);
  });
});
