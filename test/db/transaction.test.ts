import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../../src/db/database.ts';
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

  test('a refusal of the work itself is told as it is', async () => {
    const work = db.transaction(async sql => {
      await add(sql, 1);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await kept()).toEqual([]);
  });
});
