import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeSchema } from '../../src/db/driver/schema.ts';
import { DRIVERS } from './opened.ts';

const FILE = fileURLToPath(new URL('../../src/db/schema.sql', import.meta.url));

describe.each(DRIVERS)('on $name', ({ open }) => {
  test('schema.sql is what the migrations make', async () => {
    const db = await open();
    const text = await describeSchema(db).finally(() => db.close());
    await expect(
      text,
      'src/db/schema.sql differs from what the migrations make; refresh it with "npm run schema"',
    ).toMatchFileSnapshot(FILE);
  });
});
