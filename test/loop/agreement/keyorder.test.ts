import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { loadVersion, saveAgreementVersion } from '../../../src/db/agreement/agreement.ts';
import type { Database } from '../../../src/db/database.ts';
import { DRIVERS } from '../../db/opened.ts';

const SOURCE = `agreement: 1
name: Order
scores: { zulu_score: {}, b: {}, alpha: {} }
rules:
  - { id: r1, score: alpha, points: 1, when: { all: [] } }
  - { id: r2, score: zulu_score, points: 1, when: { all: [] } }
grades: { alpha: { A: 1 }, zulu_score: { 1: 1 } }
`;

describe.each(DRIVERS)("on '$name'", ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  test('a stored agreement keeps the order of its scores, which orders lines and grades', async () => {
    const { value } = readAgreementFile(SOURCE);
    const version = { id: 'order', name: 'Order', source: SOURCE, body: value, createdBy: 'test', now: 0 };
    await db.transaction(sql => saveAgreementVersion(sql, version));
    const stored = await loadVersion(db, 'order', 1);
    const { agreement } = readAgreement(stored?.body);
    expect(agreement?.scores.map(({ id }) => id)).toEqual(['zulu_score', 'b', 'alpha']);
    expect(agreement?.grades.map(({ score }) => score)).toEqual(['zulu_score', 'alpha']);
  });
});
