import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../dist/db/driver/migrate.js';
import { wrapPglite } from '../dist/db/driver/pglite.js';

// Making an empty database takes the embedded PostgreSQL seconds; unpacking a prepared one takes a moment.
const db = await PGlite.create();
await migrate(wrapPglite(db));
await db.exec('checkpoint');
const prepared = await db.dumpDataDir('none');
writeFileSync(new URL('../dist/db/seed.tar', import.meta.url), Buffer.from(await prepared.arrayBuffer()));
await db.close();
