import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { readMappingFile } from '../../src/contract/file/mapping.ts';
import { isObject } from '../../src/core/condition/reading.ts';
import { formatInstant } from '../../src/core/time/instant.ts';
import type { Database } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';
import { openImport } from '../../src/loop/import/batch.ts';
import { openRows } from '../../src/loop/import/rows.ts';
import { subjectScore } from '../core/subject.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld } from '../world/app.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/x-education/', import.meta.url));
const NOW = Date.UTC(2026, 2, 15);
/** Every how many rows one is imported. */
const SHARE = 5;

describe.skipIf(!HAS_DATA)(needsData('X Education leads through the database'), () => {
  describe.each(DRIVERS)('on $name', ({ open }) => {
    let folder = '';
    let db: Database;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'baton-x-education-'));
      await copyFile(join(DATA_FOLDER, 'x_education_leads.csv.gz'), join(folder, 'leads.csv.gz'));
      db = await open();
    });
    afterAll(async () => {
      await db.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('score as the file alone does, to the point, and qualify by the same path', async () => {
      const text = await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8');
      await activateAgreement(db, text, { actor: 'a test', now: NOW });
      const { mapping } = readMappingFile(await readFile(join(EXAMPLE, 'mapping.yaml'), 'utf8'));
      if (mapping === null) throw new Error('the mapping has problems');
      const { file } = await openRows({ path: join(folder, 'leads.csv.gz'), kind: 'contacts', mapping });
      if (file === null) throw new Error('the file cannot be read');
      const world = makeWorld(db, { now: NOW });
      const batch = await openImport(world.app, { kind: 'contacts', file: 'leads', opensNow: false });
      const contacts: Readonly<Record<string, unknown>>[] = [];
      for await (const rows of file.batches) {
        const some = rows.flatMap(({ line, result }) =>
          result.kind === 'contact' && line % SHARE === 0 ? [{ line, result }] : [],
        );
        await batch.take(some);
        for (const { result } of some) {
          const { contactId: id, createdAt, contact, company } = result;
          contacts.push({ id, createdAt: formatInstant(createdAt ?? 0), contact, company });
        }
      }
      await batch.finish();
      expect(contacts.length).toBeGreaterThan(1_000);
      const scored = await db.run<{
        id: string;
        total: number;
        qualifies: string | null;
        grade: string | null;
      }>(
        {
          name: '',
          text: `select i.value as id, s.total, s.qualifies, s.grade
                 from standing s join contact_identity i on i.contact_id = s.contact_id order by i.value`,
        },
        [],
      );
      const agreement = readAgreementFile(text).value;
      if (!isObject(agreement)) throw new Error('the agreement has problems');
      const expected = subjectScore({ agreement, contacts, events: [], at: NOW, kindOf: kindOfDomain }).map(
        printed => ({
          id: Reflect.get(printed, 'id'),
          total: Reflect.get(printed, 'total'),
          qualifies: Reflect.get(printed, 'qualifies'),
          grade: Reflect.get(printed, 'grade'),
        }),
      );
      expect(scored).toEqual(expected.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)));
      expect(new Set(scored.map(({ qualifies }) => qualifies)).size).toBe(3);
    });
  });
});
