import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertPayload, messageOf } from '../../src/core/alert/message.ts';
import type { Database } from '../../src/db/database.ts';
import { sweepBulletins, sweepGathered } from '../../src/loop/alert/bulletin.ts';
import { listQueue } from '../../src/server/api/queue.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person } from '../world/app.ts';
import { begin, type Story } from './story.ts';

/** Words that are true on one day alone. */
const RELATIVE =
  /\b(?:today|yesterday|tomorrow|tonight|lately|recently|ago|this (?:week|month|year)|(?:last|next) (?:week|month|year)|in the last \w+)\b/i;

const template: string = readFileSync('templates/b2b-saas.yaml', 'utf8');
/** The template without the labels that say when themselves: those are names. */
const AGREEMENT: object = parse(
  template.replaceAll(' in the last month', '').replaceAll(' in the last two weeks', ''),
);

const person1 = {
  type: 'identify',
  userId: 'u1',
  traits: {
    email: 'lee@acme.com',
    name: 'Ann Lee',
    title: 'VP',
    company: { employees: 300, industry: 'Fintech' },
  },
};
const customer = {
  type: 'identify',
  userId: 'u2',
  traits: { email: 'fox@client.example', name: 'Cy Fox', title: 'VP', customer: true, isCustomer: true },
};
const page = (userId: string) => ({ type: 'page', userId, properties: { path: '/pricing' } });
const demo = (userId: string) => ({ type: 'track', userId, event: 'Demo Requested' });

test('the test sees a relative word', () => {
  expect('asked for a demo today').toMatch(RELATIVE);
  expect('asked for a demo on 2 Mar 2026 (the last on 3 Mar 2026)').not.toMatch(RELATIVE);
});

test.each(DRIVERS)('nothing that is stored on $name says when by the day it was written', async driver => {
  const db: Database = await driver.open();
  try {
    const story = await begin(db, {
      agreement: AGREEMENT,
      environment: { SMTP_URL: 'smtp://mail.acme.example' },
    });
    await liveAWeek(story);
    const found = await storedTexts(db);
    expect(found.some(({ text }) => /asked for a demo or a call on 2 Mar 2026/i.test(text))).toBe(true);
    expect(found.filter(({ text }) => RELATIVE.test(text))).toEqual([]);

    // Each reads of the same demo by their own day: it was asked for at 23:30 UTC.
    const sent = await story.query(
      { payload: 'jsonb' },
      `select payload from outbox where channel = 'email'`,
    );
    const handoffs = sent.flatMap(({ payload }) => {
      const read = alertPayload.safeParse(payload).data;
      return read?.kind === 'handoff' || read?.kind === 'waiting' ? [read] : [];
    });
    const words = (zone: string) =>
      handoffs.map(read => messageOf({ ...read, zone }, 'https://b.example').sentence);
    expect(words('UTC').join('\n')).toContain('on 2 Mar 2026');
    expect(words('Asia/Tokyo').join('\n')).toContain('on 3 Mar 2026');

    // Who looks at the queue nine days later reads nine days.
    const now = Date.parse('2026-03-11T23:45:00Z');
    const queue = await listQueue(makeWorld(db, { now }).as(person('bob')), {
      params: undefined,
      query: { limit: 50, part: 'all', sort: 'due' },
      body: undefined,
    });
    const said = queue.items.map(({ sentence }) => sentence).join('\n');
    expect(said).toMatch(/asked for a demo or a call 9 days ago/i);
  } finally {
    await db.close();
  }
});

/** A week in which leads come, are handed over, decided on, talked to, and come again; with all its mails and sweeps. */
async function liveAWeek(story: Story): Promise<void> {
  await story.db.script(`insert into team (name, label, manager_id) values ('inbound', 'Inbound', 'mia') on conflict do nothing;
    insert into team_member (team, user_id, weight, pass) values ('inbound', 'ann', 1, 0), ('inbound', 'bob', 1, 0) on conflict do nothing`);
  story.at('2026-03-02T23:30:00Z');
  await story.call([person1, customer, page('u1'), page('u2')]);
  await story.call([demo('u1'), demo('u2')]);
  for (let day = 3; day <= 9; day++) {
    const date = `2026-03-${String(day).padStart(2, '0')}`;
    story.at(`${date}T09:00:00Z`);
    await story.tick();
    await story.call([page('u1'), { ...demo('u3'), userId: 'u3' }, page('u3')]);
    const now = Date.parse(`${date}T20:00:00Z`);
    await sweepBulletins(story.app, now);
    await sweepGathered(story.app, now);
  }
  story.at('2026-03-09T10:00:00Z');
  await story.touch('u1');
}

/** Every text that is stored, but for what people wrote into the agreement, with where it stands. */
async function storedTexts(
  db: Database,
): Promise<readonly { readonly place: string; readonly text: string }[]> {
  const columns = await db.run<{ table_name: string; column_name: string }>(
    {
      name: '',
      text: `select table_name::text, column_name::text from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'agreement_version'
          and c.data_type in ('text', 'json', 'jsonb', 'ARRAY', 'character varying')`,
    },
    [],
  );
  const found: { readonly place: string; readonly text: string }[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await db.run<{ text: string | null }>(
      { name: '', text: `select distinct "${column}"::text as text from "${table}"` },
      [],
    );
    for (const { text } of rows) if (text !== null) found.push({ place: `${table}.${column}`, text });
  }
  expect(columns.length).toBeGreaterThan(50);
  return found;
}
