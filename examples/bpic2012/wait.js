// How long applications waited for the call team, counted straight from the log of the BPI Challenge 2012:
//   node examples/bpic2012/wait.js <folder with the two .csv.gz>                  prints a question a line for `baton worktime`
//   node examples/bpic2012/wait.js <folder with the two .csv.gz> <its answers>    prints the medians, by the clock and at work
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const TASK = 'W_Completeren aanvraag';

const [source, answers] = process.argv.slice(2);
if (source === undefined) {
  console.error(
    'usage: node examples/bpic2012/wait.js <folder with the two .csv.gz> [<answers of baton worktime>]',
  );
  process.exit(2);
}
const waits = await readWaits(join(source, 'bpic2012_events.csv.gz'));
if (answers === undefined) for (const { from, to } of waits) console.log(JSON.stringify({ from, to }));
else {
  const lines = (await readFile(answers, 'utf8')).trimEnd().split('\n');
  const worked = lines.map(line => Number(JSON.parse(line).ms));
  const byClock = waits.map(({ from, to }) => Date.parse(to) - Date.parse(from));
  if (worked.length !== waits.length) throw new Error(`${waits.length} waits have ${worked.length} answers`);
  console.log(`${waits.length} waits from queued to first claimed`);
  console.log(`by the clock: ${minutes(medianOf(byClock))} min in the median`);
  console.log(`at work: ${minutes(medianOf(worked))} min in the median`);
}

/** The cells hold no quotes, commas or line ends. @param {string} path */
async function readWaits(path) {
  const text = gunzipSync(await readFile(path)).toString('utf8');
  /** @type {Map<string, { from: string, to: string | null }>} */
  const tasks = new Map();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const [caseId = '', , activity, lifecycle, , timestamp = ''] = line.trimEnd().split(',');
    if (activity !== TASK) continue;
    const task = tasks.get(caseId);
    if (lifecycle === 'SCHEDULE' && task === undefined) tasks.set(caseId, { from: timestamp, to: null });
    if (lifecycle === 'START' && task?.to === null) task.to = timestamp;
  }
  return [...tasks.values()].flatMap(({ from, to }) => (to === null ? [] : [{ from, to }]));
}

/** @param {readonly number[]} values */
function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** @param {number} ms */
function minutes(ms) {
  return (ms / 60_000).toFixed(1);
}
