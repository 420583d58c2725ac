// Turns the BPI Challenge 2012 log into files that Baton reads:
//   node examples/bpic2012/convert.js <folder with the two .csv.gz> <folder to write to>
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

/** @typedef {{ case_id: string, event_seq: string, activity: string, lifecycle: string, resource: string, timestamp: string }} Step */
/** @typedef {{ case_id: string, amount_requested: string, reg_date: string }} Case */

/** The log's automatic system: it decides and sends, but owns nothing. */
const AUTOMATIC = '112';
const TOUCH = 'W_Completeren aanvraag start';

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  console.error(
    'usage: node examples/bpic2012/convert.js <folder with the two .csv.gz> <folder to write to>',
  );
  process.exit(2);
}
await mkdir(target, { recursive: true });
/** @type {Map<string, Case>} */
const cases = new Map();
for await (const row of rows('bpic2012_cases.csv.gz')) cases.set(row.case_id, row);
/** @type {Map<string, Step[]>} */
const logs = new Map([...cases.keys()].map(id => [id, []]));
for await (const step of rows('bpic2012_events.csv.gz')) logs.get(step.case_id)?.push(step);

await write('contacts.jsonl', contacts());
await write('events.jsonl', events());
await write('outcomes.jsonl', outcomes());
await write('tasks.jsonl', tasks());

function* contacts() {
  for (const { case_id, amount_requested, reg_date } of cases.values()) {
    yield {
      id: contactId(case_id),
      createdAt: reg_date,
      contact: { amountRequested: Number(amount_requested) },
    };
  }
}

function* events() {
  for (const step of [...logs.values()].flat()) {
    yield {
      messageId: `${step.case_id}-${step.event_seq}`,
      userId: contactId(step.case_id),
      type: 'track',
      event: eventName(step),
      timestamp: step.timestamp,
      properties: step.resource === '' ? {} : { resource: step.resource },
    };
  }
}

function* outcomes() {
  for (const [id, steps] of logs) yield* outcomesOf(id, steps);
}

/** What became of one application, from its pre-acceptance on; without one it was never handed over. @param {string} id @param {Step[]} steps */
function outcomesOf(id, steps) {
  const handoff = steps.findIndex(step => step.activity === 'A_PREACCEPTED');
  if (handoff === -1) return [];
  const after = steps.slice(handoff);
  /** @param {string} name */
  const first = name => after.find(step => eventName(step) === name);
  const accepted = first('A_ACCEPTED');
  const amount = { amount: Number(cases.get(id)?.amount_requested), currency: 'EUR' };
  return [
    outcome('handoff', first('A_PREACCEPTED')),
    outcome('touch', first(TOUCH), ownerOf(first(TOUCH))),
    outcome('accepted', accepted, ownerOf(accepted)),
    outcome('opportunity', first('O_SENT'), amount),
    outcome('won', first('A_APPROVED'), amount),
    accepted === undefined
      ? outcome('rejected', first('A_DECLINED'), { reason: 'declined' })
      : outcome('lost', first('A_DECLINED'), { reason: 'declined_after_acceptance' }),
    outcome(accepted === undefined ? 'rejected' : 'lost', first('A_CANCELLED'), { reason: 'no_response' }),
  ].flat();
}

function* tasks() {
  for (const steps of logs.values()) yield* taskOf(steps);
}

/** The first call task of an application alone: queued, first claimed, and done for the last time. @param {Step[]} steps */
function taskOf(steps) {
  const task = steps.filter(({ activity }) => activity === 'W_Completeren aanvraag');
  const queued = task.findIndex(({ lifecycle }) => lifecycle === 'SCHEDULE');
  if (queued === -1) return [];
  const after = task.slice(queued);
  const claimed = after.find(({ lifecycle }) => lifecycle === 'START');
  const done = after.findLast(({ lifecycle }) => lifecycle === 'COMPLETE');
  return [
    outcome('handoff', after[0]),
    outcome('touch', claimed, ownerOf(claimed)),
    outcome('accepted', claimed === undefined ? undefined : done, ownerOf(done)),
  ].flat();
}

/** @param {string} type @param {Step | undefined} step @param {object} [more] */
function outcome(type, step, more = {}) {
  return step === undefined
    ? []
    : [{ contactId: contactId(step.case_id), type, at: step.timestamp, ...more }];
}

/** @param {Step | undefined} step */
function ownerOf(step) {
  const resource = step?.resource ?? '';
  return resource === '' || resource === AUTOMATIC ? {} : { owner: `rep-${resource}@lender.example` };
}

/** Work items (W_) are scheduled, started and completed; the others only ever complete. @param {Step} step */
function eventName({ activity, lifecycle }) {
  return activity.startsWith('W_') ? `${activity} ${lifecycle.toLowerCase()}` : activity;
}

/** @param {string} caseId */
function contactId(caseId) {
  return `case-${caseId}`;
}

/** @param {string} name */
function rows(name) {
  return createReadStream(join(source, name))
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
}

/** @param {string} name @param {Iterable<object>} lines */
async function write(name, lines) {
  let count = 0;
  const text = (function* () {
    for (const line of lines) {
      count += 1;
      yield `${JSON.stringify(line)}\n`;
    }
  })();
  await pipeline(Readable.from(text), createWriteStream(join(target, name)));
  console.log(`${name}: ${count} lines`);
}
