import { writeFileSync } from 'node:fs';
import { migrate } from '../dist/db/driver/migrate.js';
import { createPglite, wrapPglite } from '../dist/db/driver/pglite.js';

// Making an empty database takes the embedded PostgreSQL seconds; unpacking a prepared one takes a moment.
const db = await createPglite(null);
await migrate(wrapPglite(db, 'memory'));
// Nobody makes a database from these; they are two thirds of what would be unpacked.
await db.exec('update pg_database set datistemplate = false');
await db.exec('drop database template0');
await db.exec('drop database template1');
await db.exec('checkpoint');
const prepared = await db.dumpDataDir('none');
writeFileSync(new URL('../dist/db/seed.tar', import.meta.url), Buffer.from(await prepared.arrayBuffer()));
await db.close();
