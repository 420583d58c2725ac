// What became of the leads, as a file for `baton import outcomes`:
//   node examples/x-education/outcomes.js <x_education_leads.csv.gz> <outcomes.jsonl>
// The export has no dates. Those written here are made up from the order of the lead numbers.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

const START = Date.UTC(2016, 0, 1);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** One lead every 40 minutes spreads the file over 180 days. */
const BETWEEN_LEADS = 40 * MINUTE;

/** The sales team's own words (`Tags`) and the reason of the agreement that they mean. Other tags decide nothing. */
const REASONS = new Map(
  Object.entries({
    unreachable: [
      'ringing',
      'switched off',
      'invalid number',
      'wrong number given',
      'number not provided',
      'opp hangup',
    ],
    wrong_product: ['interested in other courses', 'interested in full time mba'],
    existing_customer: ['already a student'],
    not_in_the_market: ['not doing further education'],
    bad_timing: ['graduation in progress', 'interested in next batch', 'still thinking'],
    not_eligible: ['diploma holder (not eligible)', 'university not recognized'],
  }).flatMap(([reason, tags]) => tags.map(tag => [tag, reason])),
);

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  console.error('usage: node examples/x-education/outcomes.js <x_education_leads.csv.gz> <outcomes.jsonl>');
  process.exit(2);
}
const rows = [];
for await (const row of createReadStream(source)
  .pipe(createGunzip())
  .pipe(parse({ columns: true })))
  rows.push(row);
rows.sort((a, b) => Number(a['Lead Number']) - Number(b['Lead Number']));
const lines = rows.flatMap((row, index) => outcomesOf(row, START + index * BETWEEN_LEADS));
await writeFile(target, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
const count = type => lines.filter(line => line.type === type).length;
console.log(
  `handoff ${count('handoff')}, accepted ${count('accepted')}, won ${count('won')}, rejected ${count('rejected')}`,
);

/** Every lead went to sales. One that bought was accepted first; one whose tag decides nothing is still open. */
function outcomesOf(row, handedAt) {
  const line = (type, at, more = {}) => ({
    contactId: row['Prospect ID'],
    type,
    at: new Date(at).toISOString(),
    ...more,
  });
  const lines = [line('handoff', handedAt, { source: row['Lead Source'] || undefined })];
  if (row.Converted === '1')
    return [...lines, line('accepted', handedAt + DAY), line('won', handedAt + 14 * DAY)];
  const reason = REASONS.get(row.Tags.trim().replace(/\s+/g, ' ').toLowerCase());
  return reason === undefined ? lines : [...lines, line('rejected', handedAt + 2 * DAY, { reason })];
}
