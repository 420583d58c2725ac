import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { type App, writeTogether } from '../../src/loop/app.ts';
import { acceptLead } from '../../src/loop/decision/decision.ts';
import { moveDeal, openDeal } from '../../src/loop/opportunity/opportunity.ts';
import { answerLead } from '../../src/loop/qualification/answer.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';
import { countWon, readSalvirt, type SalvirtRow } from './salvirt-count.ts';

const NOW = Date.UTC(2026, 2, 2, 10);
const ASKING = { ...AGREEMENT, sql: { framework: 'bant' } };

/** Made-up rows in the shape of the file: all known, an unknown budget, an authority nobody asked for, and none of the three. */
const ROWS = [
  'Product,Authority,Budgt_alloc,Needs_def,Status',
  'Product A,Mid,Yes,Yes,Won',
  'Product A,High,No,Info gathering,Lost',
  'Product B,Mid,Unknown,Yes,Lost',
  'Product B,Low,Unknown,No,Won',
  'Product B,,Yes,Poor,Lost',
  'Product C,,,,Lost',
];

/** Hands each row over as a lead, answers what its seller knew, accepts it, and ends its deal as it ended. */
async function sell(story: Story, rows: readonly SalvirtRow[]): Promise<void> {
  await story.call(
    rows.flatMap((_, index) => {
      const userId = `row-${index}`;
      const traits = { email: `buyer@firm-${index}.example`, title: 'VP', name: `Buyer ${index}` };
      return [
        { type: 'identify', userId, traits },
        { type: 'track', userId, event: 'Demo Requested' },
      ];
    }),
  );
  const handed = await story.query(
    { id: 'uuid', value: 'text' },
    'select e.id, i.value from episode e join contact_identity i on i.contact_id = e.contact_id and i.value like $1',
    'row-%',
  );
  const idOf = new Map(handed.map(({ id, value }) => [value, id]));
  expect(idOf.size).toBe(rows.length);
  await writeTogether(story.app, async inside => {
    for (const [index, row] of rows.entries()) await work(inside, idOf.get(`row-${index}`) ?? '', row);
  });
}

async function work(app: App, id: string, { answers, isWon }: SalvirtRow): Promise<void> {
  const by = { actor: 'ann', userId: 'ann', now: NOW };
  const said = Object.entries(answers)
    .filter(([, answer]) => answer !== '')
    .map(([question, answer]) => [question, answer === 'Unknown' ? { unknown: true } : { value: answer }]);
  if (said.length > 0) await answerLead(app, id, Object.fromEntries(said), by);
  await acceptLead(app, id, { note: null }, by);
  await openDeal(app, id, { name: 'Licences' }, by);
  await moveDeal(app, id, { stage: isWon ? 'won' : 'lost', reason: null }, by);
}

/**
 * Won leads by how many of the four questions have a value, are unknown, or were not asked. No report of the product counts
 * this, so one statement over its tables does.
 */
function wonByCompleteness(story: Story) {
  return story.query(
    { valued: 'int4', unknown: 'int4', missing: 'int4', leads: 'int4', won: 'int4' },
    `select valued, unknown, 4 - valued - unknown as missing, count(*)::int as leads,
       (count(*) filter (where state = 'won'))::int as won
     from (
       select e.state, count(a.question) filter (where a.value is not null)::int as valued,
         count(a.question) filter (where a.is_unknown)::int as unknown
       from episode e left join qualification_answer a on a.episode_id = e.id
       where e.state in ('won', 'lost') group by e.id) ended
     group by valued, unknown order by valued desc, unknown desc`,
  );
}

describe.each(DRIVERS)('won and lost by what sales knew, on $name', ({ open }) => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  const sold = async (folder: string) => {
    story = await begin(db, { agreement: ASKING });
    story.at(new Date(NOW).toISOString());
    const rows = readSalvirt(folder);
    await sell(story, rows);
    return { rows, counted: await wonByCompleteness(story) };
  };

  it('made-up rows count as they were written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-salvirt-'));
    await writeFile(join(folder, 'salvirt_b2b.csv'), `${ROWS.join('\n')}\n`);
    const { rows, counted } = await sold(folder);
    await rm(folder, { recursive: true });
    expect(counted).toEqual([
      { valued: 3, unknown: 0, missing: 1, leads: 2, won: 1 },
      { valued: 2, unknown: 1, missing: 1, leads: 2, won: 1 },
      { valued: 2, unknown: 0, missing: 2, leads: 1, won: 0 },
      { valued: 0, unknown: 0, missing: 4, leads: 1, won: 0 },
    ]);
    expect(countWon(rows)).toEqual(counted);
  });

  it.skipIf(!HAS_DATA)(
    needsData('the opportunities of Salvirt count as the file alone does'),
    async () => {
      const { rows, counted } = await sold(DATA_FOLDER);
      expect(rows).toHaveLength(311);
      expect(rows.filter(({ isWon }) => isWon)).toHaveLength(163);
      expect(counted).toEqual(countWon(rows));
      expect(counted.map(({ unknown, leads }) => ({ unknown, leads }))).toEqual([
        { unknown: 0, leads: 286 },
        { unknown: 1, leads: 25 },
      ]);
    },
    60_000,
  );
});
