import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { stopImports } from '../../src/loop/import/job.ts';
import { PART_BYTES } from '../../src/loop/import/upload.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, type Started, startNode } from '../http/started.ts';
import { empty } from '../world/empty.ts';
import { addAgreement, clear } from '../world/seed.ts';

const HEADER =
  'Record ID,First Name,Last Name,Email,Lifecycle Stage,Lead Status,Create Date,Job Title,Shoe size\n';
const FILE = `${HEADER}1,Ann,Lee,ann@acme.example,Lead,New,2026-01-15 10:22,VP,7
2,Bob,Ray,bob@bale.example,Lead,New,soon,CEO,8
3,Cid,Fox,cid@cove.example,Lead,New,2026-01-16 10:22,=1+1,9,extra
`;

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  let headers: Record<string, string>;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clearPeople(db);
    await clear(db);
    await empty(db, ['import_refused', 'import_part', 'import_upload', 'import_batch']);
    await addAgreement(db);
    node = await startNode(db);
    headers = await keyOf('marketing', 'Marketing');
  });
  afterEach(() => node.close());

  const keyOf = async (role: 'admin' | 'marketing' | 'rep', name: string) => {
    const { secret } = await makeKey(
      node.app,
      { name, kind: 'api', role },
      { actor: 'a test', now: node.app.clock() },
    );
    return { authorization: `Bearer ${secret}` };
  };
  const call = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, as = headers) => {
    const answer = await node.server.inject({ method, url, headers: as, ...(payload ? { payload } : {}) });
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, body: isJson ? answer.json() : answer.body };
  };
  const upload = async (content: string | Buffer, name = 'leads.csv'): Promise<string> => {
    const bytes = Buffer.from(content);
    const { body } = await call('POST', '/api/uploads', { name, bytes: bytes.length });
    for (let part = 0; part < body.parts; part += 1) {
      const data = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES).toString('base64');
      expect((await call('PUT', `/api/uploads/${body.id}/parts/${part}`, { data })).status).toBe(200);
    }
    return body.id;
  };
  const ended = () => Promise.all([...node.app.memory.imports.values()].map(job => job.ended));

  test('a file is uploaded, looked at, imported, its errors listed, and taken back', async () => {
    const id = await upload(FILE);
    const looked = await call('POST', `/api/uploads/${id}/preview`, { kind: 'contacts' });
    expect(looked.body).toMatchObject({
      source: 'hubspot',
      header: HEADER.trim().split(','),
      samples: ['1', 'Ann', 'Lee', 'ann@acme.example', 'Lead', 'New', '2026-01-15 10:22', 'VP', '7'],
      preview: { rows: 3, usable: 1, refused: 2, passed: 0 },
      problems: [],
    });
    expect(looked.body.preview.notes[0]).toBe('Looks like an export of HubSpot: mapping hubspot.');
    const wrong = await call('POST', `/api/uploads/${id}/preview`, {
      kind: 'contacts',
      mapping: { like: 'hubspot', columns: { 'Shoe sise': 'contact.shoe' }, dates: { zone: 'Nowhere' } },
    });
    expect(wrong.body.problems).toMatchObject([{ path: 'dates.zone', steps: ['dates', 'zone'] }]);
    const mapping = {
      like: 'hubspot',
      columns: { 'Shoe size': 'contact.shoe' },
      dates: { zone: 'Europe/Oslo' },
    };
    const begun = await call('POST', '/api/imports', { uploadId: id, kind: 'contacts', mapping });
    expect(begun).toMatchObject({
      status: 200,
      body: { file: 'leads.csv', by: 'Marketing', source: 'hubspot' },
    });
    await ended();
    const batch = begun.body.id;
    expect((await call('GET', `/api/imports/${batch}`)).body).toMatchObject({
      state: 'done',
      rows: 3,
      taken: 1,
      unchanged: 0,
      refused: 2,
      failure: null,
    });
    expect((await call('GET', '/api/contacts')).body.items).toMatchObject([{ email: 'ann@acme.example' }]);
    const errors = (await call('GET', `/api/imports/${batch}/errors?limit=1`)).body;
    expect(errors).toMatchObject({ header: HEADER.trim().split(','), items: [{ line: 3 }] });
    const rest = await call('GET', `/api/imports/${batch}/errors?cursor=${errors.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ line: 4 }], nextCursor: null });
    const { body: csv } = await call('GET', `/api/imports/${batch}/errors.csv`);
    expect(csv).toContain('"4","the row has 10 columns');
    expect(csv).toContain(`"'=1+1"`);
    expect((await call('POST', '/api/imports', { uploadId: id, kind: 'contacts' })).status).toBe(404);
    expect((await call('POST', `/api/imports/${batch}/undo`)).body).toMatchObject({ contactsRemoved: 1 });
    expect((await call('POST', `/api/imports/${batch}/undo`)).status).toBe(409);
    const list = (await call('GET', '/api/imports')).body.items;
    expect(list).toMatchObject([{ id: batch, taken: 1, undoneAt: expect.any(String) }]);
  });

  test('a large file comes in parts, and is taken over several transactions', async () => {
    const rows = Array.from({ length: 6_000 }, (_, row) => `id${row},${'x'.repeat(120)}\n`).join('');
    const id = await upload(`id,note\n${rows}`);
    const { body } = await call('POST', '/api/imports', { uploadId: id, kind: 'contacts' });
    expect((await call('POST', '/api/imports', { uploadId: id, kind: 'contacts' })).status).toBe(409);
    await stopImports(node.app);
    const stopped = (await call('GET', `/api/imports/${body.id}`)).body;
    expect(stopped).toMatchObject({ state: 'stopped', failure: 'Baton was stopped' });
    expect(stopped.taken).toBeLessThan(6_000);
    const again = await call('POST', '/api/imports', { uploadId: id, kind: 'contacts' });
    await ended();
    expect((await call('GET', `/api/imports/${again.body.id}`)).body).toMatchObject({
      state: 'done',
      rows: 6_000,
      unchanged: stopped.taken,
    });
  }, 60_000);

  test('what cannot be used is refused with the reason', async () => {
    const { body } = await call('POST', '/api/uploads', { name: 'x.csv', bytes: 8 });
    const part = (data: string, number = 0) =>
      call('PUT', `/api/uploads/${body.id}/parts/${number}`, { data: Buffer.from(data).toString('base64') });
    expect((await part('short')).status).toBe(422);
    expect((await part('id\nc1\nc2', 1)).status).toBe(422);
    expect((await call('POST', `/api/uploads/${body.id}/preview`, { kind: 'contacts' })).status).toBe(409);
    await part('id\nc1\nc2');
    const other = await keyOf('admin', 'Somebody else');
    expect((await call('POST', `/api/uploads/${body.id}/preview`, { kind: 'contacts' }, other)).status).toBe(
      404,
    );
    expect((await call('GET', '/api/imports', undefined, await keyOf('rep', 'A rep'))).status).toBe(403);
    const events = await call('POST', '/api/imports', { uploadId: body.id, kind: 'events' });
    expect(events).toMatchObject({ status: 422, body: { errors: expect.any(Array) } });
    expect((await call('POST', '/api/uploads', { name: 'x.csv', bytes: 1e9 })).body.errors[0].message).toBe(
      'expected at most 64 MB',
    );
  });
});
