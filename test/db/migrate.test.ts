import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/driver/migrate.ts';
import { DRIVERS } from './opened.ts';

describe.each(DRIVERS)('migrations on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  test('refuse a database that a newer version has used, and say what to do', async () => {
    await db.script(`insert into migration (name) values ('9998-new.sql'), ('9999-newer.sql')`);
    await expect(migrate(db)).rejects.toThrow(
      'a newer Baton has used it: it has 2 migrations that this version does not know (9998-new.sql and 9999-newer.sql). ' +
        'Start that version, or restore the backup from before the upgrade',
    );
    await db.script(`delete from migration where name like '999%'`);
    expect(await migrate(db)).toEqual([]);
  });
});
