// How well the agreement's total tells the leads that bought from those that did not:
//   npm run build && node examples/x-education/auc.js <x_education_leads.csv.gz>
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { openRows } from '../../dist/cli/rows.js';
import { readAgreementFile } from '../../dist/contract/agreementfile.js';
import { readMappingFile } from '../../dist/contract/mappingfile.js';
import { addContactLine, closeFactBook, makeFactBook, subjectAt } from '../../dist/core/facts.js';
import { formatInstant } from '../../dist/core/instant.js';
import { compile } from '../../dist/core/program.js';
import { scoreAt } from '../../dist/core/score.js';

/** @typedef {{ total: number, qualifies: boolean, won: boolean, rival: number | null }} Judged */

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node examples/x-education/auc.js <x_education_leads.csv.gz>');
  process.exit(2);
}
const leads = await judge(path);
const rivals = leads.filter(lead => lead.rival !== null);
const handed = leads.filter(lead => lead.qualifies);
console.log(`leads ${leads.length}, converted ${leads.filter(lead => lead.won).length}`);
console.log(`AUC of the total ${areaUnderCurve(leads, lead => lead.total).toFixed(3)}`);
console.log(
  `where the vendor's scores exist (${rivals.length} leads): AUC of the total ` +
    `${areaUnderCurve(rivals, lead => lead.total).toFixed(3)}, of the vendor's two scores added ` +
    `${areaUnderCurve(rivals, lead => lead.rival ?? 0).toFixed(3)}`,
);
console.log(
  `handed over ${handed.length}, of them converted ${percent(handed)}; of the rest ${percent(leads.filter(lead => !lead.qualifies))}`,
);
console.log('\ndecile  leads  total      converted');
const sorted = leads.toSorted((a, b) => b.total - a.total);
for (let decile = 0; decile < 10; decile += 1) {
  const part = sorted.slice((decile * sorted.length) / 10, ((decile + 1) * sorted.length) / 10);
  const range = `${part.at(-1)?.total}..${part[0]?.total}`;
  console.log(
    `${String(decile + 1).padStart(6)}  ${String(part.length).padStart(5)}  ${range.padEnd(9)}  ${percent(part).padStart(6)}`,
  );
}

/** Scores every lead of the file. @param {string} file @returns {Promise<Judged[]>} */
async function judge(file) {
  const agreementFile = readAgreementFile(await readFile(new URL('agreement.yaml', import.meta.url), 'utf8'));
  const mappingFile = readMappingFile(await readFile(new URL('mapping.yaml', import.meta.url), 'utf8'));
  const opened = await openRows({ path: file, kind: 'contacts', mapping: mappingFile.mapping });
  if (opened.problems !== null) throw new Error(opened.problems.map(problem => problem.message).join('\n'));
  const program = compile(agreementFile.agreement);
  const book = makeFactBook(program, () => 'business');
  for await (const batch of opened.file.batches) {
    for (const { line, result } of batch) {
      if (result.kind !== 'contact') throw new Error(`line ${line}: ${result.reason}`);
      const { contactId: id, createdAt, contact, company } = result;
      addContactLine(book, { id, createdAt: formatInstant(createdAt), contact, company });
    }
  }
  closeFactBook(book);
  const known = await outcomes(file);
  return [...book.byId.values()].map(facts => {
    const score = scoreAt(program, subjectAt(program, facts, facts.createdAt), facts.createdAt);
    return { total: score.total, qualifies: score.qualifies !== null, ...known.get(facts.id) };
  });
}

/** What became of each lead, and the vendor's scores, which the mapping keeps out of the profile. @param {string} file */
async function outcomes(file) {
  const known = new Map();
  for await (const row of createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }))) {
    const [activity, profile] = [row['Asymmetrique Activity Score'], row['Asymmetrique Profile Score']];
    const rival = activity === '' || profile === '' ? null : Number(activity) + Number(profile);
    known.set(row['Prospect ID'], { won: row.Converted === '1', rival });
  }
  return known;
}

/**
 * The chance that a lead that converted scores above one that did not, ties counting half (Mann and Whitney).
 * @param {Judged[]} all @param {(lead: Judged) => number} scoreOf
 */
function areaUnderCurve(all, scoreOf) {
  const ordered = all.toSorted((a, b) => scoreOf(a) - scoreOf(b));
  let [wins, lostBelow] = [0, 0];
  for (let start = 0; start < ordered.length; ) {
    let end = start;
    while (end < ordered.length && scoreOf(ordered[end]) === scoreOf(ordered[start])) end += 1;
    const tied = ordered.slice(start, end);
    const won = tied.filter(lead => lead.won).length;
    wins += won * (lostBelow + (tied.length - won) / 2);
    lostBelow += tied.length - won;
    start = end;
  }
  return wins / ((all.length - lostBelow) * lostBelow);
}

/** @param {Judged[]} part */
function percent(part) {
  return `${((100 * part.filter(lead => lead.won).length) / part.length).toFixed(1)} %`;
}
