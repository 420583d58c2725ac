import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entry, readRecord } from '../../src/core/contact/journal.ts';
import type { Database } from '../../src/db/database.ts';
import { addJournal } from '../../src/db/journal.ts';
import { addContact } from '../world/seed.ts';
import { DRIVERS } from './opened.ts';

const AT = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('the journal on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  test('keeps entries as they were made, also those about no contact', async () => {
    const contactId = await addContact(db);
    const members = [
      { userId: 'bob', weight: 1, pass: 0.5, mostOpen: 3, perDay: null, tokens: null, tokensDay: null },
    ];
    const team = { team: 'sales', label: 'Sales', managerId: null, slackChannel: '#leads', members };
    const moved = { owner: 'Bob', note: null, previousOwner: 'ann' };
    await addJournal(db, [
      entry('team_changed', team, { at: AT, by: 'Mia' }),
      entry('reassigned', moved, {
        contactId,
        agreementId: 'core',
        version: 2,
        at: AT,
        recordedAt: AT + 1,
        by: 'Ann',
      }),
    ]);
    await addJournal(db, []);
    const rows = await db.run<{ readonly kind: string; readonly particulars: unknown }>(
      { name: '', text: 'select * from journal order by id' },
      [],
    );
    const nothing = { episode_id: null, origin_id: null };
    expect(rows).toMatchObject([
      {
        ...nothing,
        contact_id: null,
        agreement_id: null,
        version: null,
        at: AT,
        recorded_at: AT,
        actor: 'Mia',
      },
      {
        ...nothing,
        contact_id: contactId,
        agreement_id: 'core',
        version: 2,
        at: AT,
        recorded_at: AT + 1,
        actor: 'Ann',
      },
    ]);
    expect(rows.map(readRecord)).toEqual([
      { kind: 'team_changed', particulars: team },
      { kind: 'reassigned', particulars: moved },
    ]);
  });
});
