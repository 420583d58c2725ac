import { formatPath, makeReport, type PathStep, type Problem, quote, type Report } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import {
  allowsSlot,
  type ImportKind,
  type Mapping,
  NO_MAPPING,
  parseTarget,
  type Slot,
  type Target,
  targetByHeader,
} from './mapping.ts';

/** A column of the file and where its cells go. */
interface PlannedColumn {
  readonly index: number;
  readonly header: string;
  readonly target: Target;
}

/** What is done with each column of one file. */
export interface ImportPlan {
  readonly kind: ImportKind;
  /** How many cells a row must have. */
  readonly width: number;
  readonly columns: readonly PlannedColumn[];
  /** Headers nothing is read from. */
  readonly ignored: readonly string[];
  /** The words that mean missing, normalised. */
  readonly missing: ReadonlySet<string>;
  readonly constants: readonly { readonly target: Target; readonly value: string | number | boolean }[];
}

/** A plan, or all that keeps the file from being read; paths are those of the mapping, empty for the file's own faults. */
type PlanResult =
  | { readonly plan: ImportPlan; readonly problems: null }
  | { readonly plan: null; readonly problems: readonly Problem[] };

/** Headers named in one message; a file may have hundreds. */
const NAMED_HEADERS = 20;

/**
 * Decides what each column of a CSV file means, from its header and the mapping.
 * Refuses duplicate headers, columns the mapping names and the file lacks, two columns for one place, and a file
 * without the columns its kind needs.
 *
 * @example planColumns({ kind: 'contacts', header: ['id', 'City'] }).plan?.columns[1]?.target.name // 'contact.City'
 */
export function planColumns(file: {
  readonly kind: ImportKind;
  readonly header: readonly string[];
  readonly mapping?: Mapping;
}): PlanResult {
  const { kind, mapping = NO_MAPPING } = file;
  const header = file.header.map(name => name.trim());
  const { problems, report } = collectProblems();
  reportDuplicates(header, report);
  reportMisplaced(kind, mapping, report);
  const chosen = choose({ kind, header, mapping }, report);
  const columns = header.flatMap((name, index) => {
    const target = chosen.get(name);
    return target === undefined ? [] : [{ index, header: name, target }];
  });
  const constants = readConstants(kind, mapping, report);
  reportClashes(columns, report);
  if (problems.length === 0) {
    const filled = new Set([...columns, ...constants].map(({ target }) => target.name));
    reportLacking({ kind, filled, header }, report);
  }
  if (problems.length > 0) return { plan: null, problems };
  const plan = {
    kind,
    width: header.length,
    columns,
    ignored: header.filter(name => name !== '' && !chosen.has(name)),
    missing: new Set(mapping.missing.map(normaliseText)),
    constants,
  };
  return { plan, problems: null };
}

/** Makes the plan of a JSON lines file, whose fields have fixed names: of a mapping only `missing` and `constants` apply. */
export function planJson(file: { readonly kind: ImportKind; readonly mapping?: Mapping }): PlanResult {
  const { kind, mapping = NO_MAPPING } = file;
  const { problems, report } = collectProblems();
  const message = 'names columns, and JSON lines have none; only missing and constants apply to them';
  for (const slot of Object.keys(mapping.slots)) report.add(message, slot);
  if (mapping.columns.size > 0) report.add(message, 'columns');
  if (mapping.ignore.length > 0) report.add(message, 'ignore');
  if (mapping.only) report.add(message, 'only');
  const constants = readConstants(kind, mapping, report);
  if (problems.length > 0) return { plan: null, problems };
  const missing = new Set(mapping.missing.map(normaliseText));
  return { plan: { kind, width: 0, columns: [], ignored: [], missing, constants }, problems: null };
}

function collectProblems(): { readonly problems: readonly Problem[]; readonly report: Report } {
  const problems: Problem[] = [];
  const report = makeReport((steps, message) => problems.push({ path: formatPath(steps), steps, message }));
  return { problems, report };
}

interface Headed {
  readonly kind: ImportKind;
  readonly header: readonly string[];
  readonly mapping: Mapping;
}

/** The target of each header that has one: by the mapping first, else by its name. */
function choose(file: Headed, report: Report): ReadonlyMap<string, Target> {
  const { kind, header, mapping } = file;
  const chosen = new Map<string, Target>();
  const wanted = mappedColumns(kind, mapping);
  const ignored = new Set(mapping.ignore);
  for (const { steps, column, name } of wanted) {
    const target = parseTarget(kind, name);
    if (typeof target === 'string') report.add(target, ...steps);
    else if (!header.includes(column)) report.add(noSuchColumn(column, header), ...steps);
    else if (ignored.has(column)) report.add(`column ${quote(column)} is also ignored`, ...steps);
    else if (chosen.has(column)) report.add(`column ${quote(column)} is already mapped`, ...steps);
    else chosen.set(column, target);
  }
  mapping.ignore.forEach((column, index) => {
    if (!header.includes(column)) report.add(noSuchColumn(column, header), 'ignore', index);
  });
  if (mapping.only) return chosen;
  const spoken = new Set([...wanted.map(({ column }) => column), ...ignored, '']);
  for (const name of header) {
    const byName = spoken.has(name) ? null : targetByHeader(kind, name);
    if (byName === null) continue;
    const target = parseTarget(kind, byName);
    if (typeof target === 'string') report.add(`column ${quote(name)}: ${target}; ignore or map it`);
    else chosen.set(name, target);
  }
  return chosen;
}

function mappedColumns(
  kind: ImportKind,
  mapping: Mapping,
): readonly { readonly steps: readonly PathStep[]; readonly column: string; readonly name: string }[] {
  const slots = Object.entries(mapping.slots).filter(([slot]) => allowsSlot(kind, slot));
  return [
    ...slots.map(([slot, column]) => ({ steps: [slot], column, name: slot })),
    ...[...mapping.columns].map(([column, name]) => ({ steps: ['columns', column], column, name })),
  ];
}

function reportMisplaced(kind: ImportKind, mapping: Mapping, report: Report): void {
  for (const slot of Object.keys(mapping.slots)) {
    if (!allowsSlot(kind, slot)) report.add(`has no meaning in an import of ${kind}`, slot);
  }
}

function readConstants(kind: ImportKind, mapping: Mapping, report: Report): ImportPlan['constants'] {
  const constants: { target: Target; value: string | number | boolean }[] = [];
  for (const [name, value] of mapping.constants) {
    const target = parseTarget(kind, name);
    if (typeof target === 'string') report.add(target, 'constants', name);
    else constants.push({ target, value });
  }
  return constants;
}

function reportDuplicates(header: readonly string[], report: Report): void {
  const places = new Map<string, readonly number[]>();
  header.forEach((name, index) => {
    if (name !== '') places.set(name, [...(places.get(name) ?? []), index + 1]);
  });
  for (const [name, columns] of places) {
    if (columns.length === 1) continue;
    const where = `${columns.length} times (columns ${columns.join(', ')})`;
    report.add(`the header names ${quote(name)} ${where}; each column needs its own name`);
  }
}

/** Two columns for one place, and a column for an object beside one for a field inside it. */
function reportClashes(columns: readonly PlannedColumn[], report: Report): void {
  const byName = new Map<string, string>();
  for (const { header, target } of columns) {
    const other = byName.get(target.name);
    if (other === undefined) byName.set(target.name, header);
    else if (other !== header) report.add(clash(other, header, target.name));
  }
  for (const { header, target } of columns) {
    for (let dot = target.name.indexOf('.'); dot !== -1; dot = target.name.indexOf('.', dot + 1)) {
      const outer = byName.get(target.name.slice(0, dot));
      if (outer !== undefined) report.add(clash(outer, header, target.name.slice(0, dot)));
    }
  }
}

function clash(one: string, other: string, name: string): string {
  return `columns ${quote(one)} and ${quote(other)} would both be read as ${name}; ignore one or map it elsewhere`;
}

const REQUIRED: Readonly<Record<ImportKind, readonly { readonly slot: Slot; readonly says: string }[]>> = {
  contacts: [],
  events: [
    { slot: 'event', says: "the event's name: expected a column `event`, or `event:` in the mapping" },
    {
      slot: 'timestamp',
      says: "the event's time: expected a column `timestamp`, or `timestamp:` in the mapping",
    },
  ],
  outcomes: [
    { slot: 'type', says: "the outcome's type: expected a column `type`, or `type:` in the mapping" },
    { slot: 'at', says: "the outcome's time: expected a column `at`, or `at:` in the mapping" },
  ],
};

const ID_COLUMN: Readonly<Record<ImportKind, string>> = {
  contacts: 'id',
  events: 'contact_id',
  outcomes: 'contactId',
};

function reportLacking(
  file: {
    readonly kind: ImportKind;
    readonly filled: ReadonlySet<string>;
    readonly header: readonly string[];
  },
  report: Report,
): void {
  const { kind, filled, header } = file;
  if (!filled.has('id') && !filled.has('email')) {
    const columns = `\`${ID_COLUMN[kind]}\` or \`email\``;
    const says = `the contact: expected a column ${columns}, or \`id:\` or \`email:\` in the mapping`;
    report.add(`no column holds ${says}; ${fileHas(header)}`);
  }
  for (const { slot, says } of REQUIRED[kind]) {
    if (!filled.has(slot)) report.add(`no column holds ${says}; ${fileHas(header)}`);
  }
}

function noSuchColumn(column: string, header: readonly string[]): string {
  const near = header.find(name => normaliseText(name) === normaliseText(column));
  const hint = near === undefined ? fileHas(header) : `did you mean ${quote(near)}?`;
  return `the file has no column ${quote(column)}; ${hint}`;
}

function fileHas(header: readonly string[]): string {
  const names = header.filter(name => name !== '');
  const more = names.length > NAMED_HEADERS ? ` and ${names.length - NAMED_HEADERS} more` : '';
  return `the file has ${names.slice(0, NAMED_HEADERS).map(quote).join(', ')}${more}`;
}
