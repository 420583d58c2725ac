import { formatPath, makeReport, type PathStep, type Problem, quote, type Report } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import { type DateForm, NO_FORM, splitZone } from './date.ts';
import { type Mapping, NO_MAPPING } from './mapping.ts';
import {
  allowsSlot,
  type ImportKind,
  parseTarget,
  type Slot,
  squeeze,
  type Target,
  targetByHeader,
} from './target.ts';

/** A column of the file and where its cells go. */
interface PlannedColumn {
  readonly index: number;
  /** The header; of several that are alike, the later ones with a number. */
  readonly header: string;
  readonly target: Target;
  /** How its times are written; null for what is not read as a time. */
  readonly form: DateForm | null;
}

/** What is done with each column of one file. */
export interface ImportPlan {
  readonly kind: ImportKind;
  /** How many cells a row has. */
  readonly width: number;
  /** The headers, those that are alike with numbers. */
  readonly header: readonly string[];
  readonly columns: readonly PlannedColumn[];
  /** Headers nothing is read from. */
  readonly ignored: readonly string[];
  /** The words that mean missing, normalised. */
  readonly missing: ReadonlySet<string>;
  readonly constants: readonly { readonly target: Target; readonly value: string | number | boolean }[];
  /** How times are written where no column says otherwise. */
  readonly form: DateForm;
  readonly numbers: Mapping['numbers'];
  /** Addresses that say of nobody who it is. */
  readonly shared: ReadonlySet<string>;
  /** By the index of a column, the values (normalised) by which rows are left out. */
  readonly skip: ReadonlyMap<number, ReadonlySet<string>>;
  /** By an address that stands on rows of different people, why they are refused. */
  readonly disputed: ReadonlyMap<string, string>;
  /** What people should know of how the file is read. */
  readonly notes: readonly string[];
}

/** A plan, or all that keeps the file from being read; paths are those of the mapping, empty for the file's own faults. */
type PlanResult =
  | { readonly plan: ImportPlan; readonly problems: null }
  | { readonly plan: null; readonly problems: readonly Problem[] };

/** Headers named in one message; a file may have hundreds. */
const NAMED_HEADERS = 20;

/**
 * Decides what each column of a CSV file means, from its header, the mapping, and a shipped mapping below it, whose columns
 * may be missing. Refuses columns the mapping names and the file lacks, two columns for one place, and a file without the
 * columns its kind needs. Headers that are alike get numbers.
 *
 * @example planColumns({ kind: 'contacts', header: ['id', 'City'] }).plan?.columns[1]?.target.name // 'contact.City'
 */
export function planColumns(file: {
  readonly kind: ImportKind;
  readonly header: readonly string[];
  readonly mapping?: Mapping;
  readonly base?: Mapping | null;
}): PlanResult {
  const { kind, mapping = NO_MAPPING, base = null } = file;
  const { header, notes } = numberDoubles(file.header.map(name => name.trim()));
  const { problems, report } = collectProblems();
  reportMisplaced(kind, mapping, report);
  const chosen = choose({ kind, header, mapping, base }, report);
  const formOf = formsOf(header, { mapping, base }, report);
  const columns = header.flatMap((name, index) => {
    const target = chosen.get(name);
    return target === undefined ? [] : [{ index, header: name, target, form: formOf(name, target) }];
  });
  const settings = settingsOf({ kind, mapping, base }, report);
  const skip = skipsOf(header, { mapping, base }, report);
  reportClashes(columns, report);
  if (problems.length === 0) {
    const filled = new Set([...columns, ...settings.constants].map(({ target }) => target.name));
    reportLacking({ kind, filled, header }, report);
  }
  if (problems.length > 0) return { plan: null, problems };
  const ignored = header.filter(name => name !== '' && !chosen.has(name));
  return {
    plan: { kind, width: header.length, header, columns, ignored, ...settings, skip, notes },
    problems: null,
  };
}

/** Makes the plan of a JSON lines file, whose fields have fixed names: what a mapping says of columns does not apply. */
export function planJson(file: { readonly kind: ImportKind; readonly mapping?: Mapping }): PlanResult {
  const { kind, mapping = NO_MAPPING } = file;
  const { problems, report } = collectProblems();
  const message = 'names columns, and JSON lines have none';
  for (const slot of Object.keys(mapping.slots)) report.add(message, slot);
  if (mapping.columns.size > 0) report.add(message, 'columns');
  if (mapping.ignore.length > 0) report.add(message, 'ignore');
  if (mapping.only) report.add(message, 'only');
  if (mapping.skip.size > 0) report.add(message, 'skip');
  if (mapping.like !== null) report.add(message, 'like');
  const settings = settingsOf({ kind, mapping, base: null }, report);
  if (problems.length > 0) return { plan: null, problems };
  return {
    plan: { kind, width: 0, header: [], columns: [], ignored: [], ...settings, skip: new Map(), notes: [] },
    problems: null,
  };
}

interface Layers {
  readonly mapping: Mapping;
  readonly base: Mapping | null;
}

/** What a plan takes from a mapping without a look at the columns. */
function settingsOf({ kind, mapping, base }: Layers & { readonly kind: ImportKind }, report: Report) {
  return {
    missing: new Set([...mapping.missing, ...(base?.missing ?? [])].map(normaliseText)),
    constants: readConstants(kind, { mapping, base }, report),
    form: overlaid(mapping.dates, base?.dates ?? NO_FORM),
    numbers: mapping.numbers === 'comma' ? mapping.numbers : (base?.numbers ?? 'point'),
    shared: new Set(mapping.shared),
    disputed: new Map<string, string>(),
  };
}

function overlaid(own: DateForm, below: DateForm): DateForm {
  return { order: own.order ?? below.order, zone: own.zone ?? below.zone };
}

/** Gives headers that stand more than once a number, and says so. */
function numberDoubles(given: readonly string[]): {
  readonly header: readonly string[];
  readonly notes: readonly string[];
} {
  const taken = new Set(given);
  const seen = new Set<string>();
  const notes: string[] = [];
  const header = given.map((name, index) => {
    if (name === '' || !seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    while (taken.has(`${name} ${number}`)) number += 1;
    const own = `${name} ${number}`;
    taken.add(own);
    notes.push(`The header names ${quote(name)} again in column ${index + 1}: that one is ${quote(own)}.`);
    return own;
  });
  return { header, notes };
}

/** The slots that hold a time. */
const TIMES: readonly Slot[] = ['createdAt', 'timestamp', 'at'];

/** How the times of each column are written: by the column's own entry, the zone in its header, and the file's. */
function formsOf(header: readonly string[], { mapping, base }: Layers, report: Report) {
  for (const column of mapping.dates.columns.keys()) {
    if (!header.includes(column)) report.add(noSuchColumn(column, header), 'dates', 'columns', column);
  }
  const below = new Map([...(base?.dates.columns ?? [])].map(([column, form]) => [keyOf(column), form]));
  return (name: string, target: Target): DateForm | null => {
    const own = mapping.dates.columns.get(name) ?? below.get(keyOf(name));
    const isTime = target.kind === 'slot' && TIMES.includes(target.slot);
    if (own === undefined && !isTime) return null;
    const inHeader = { order: null, zone: splitZone(name).zone };
    const file = overlaid(mapping.dates, inHeader);
    return overlaid(own ?? NO_FORM, overlaid(file, base?.dates ?? NO_FORM));
  };
}

/** The columns by whose values rows are left out. */
function skipsOf(
  header: readonly string[],
  { mapping, base }: Layers,
  report: Report,
): ReadonlyMap<number, ReadonlySet<string>> {
  const skip = new Map<number, ReadonlySet<string>>();
  const add = (index: number, values: readonly string[]) =>
    skip.set(index, new Set(values.map(normaliseText)));
  for (const [column, values] of base?.skip ?? []) {
    const index = header.findIndex(name => keyOf(name) === keyOf(column));
    if (index !== -1) add(index, values);
  }
  for (const [column, values] of mapping.skip) {
    const index = header.indexOf(column);
    if (index === -1) report.add(noSuchColumn(column, header), 'skip', column);
    else add(index, values);
  }
  return skip;
}

/** A header as shipped mappings name it: without case, marks, and the zone in brackets. */
function keyOf(header: string): string {
  return squeeze(splitZone(header).name);
}

function collectProblems(): { readonly problems: readonly Problem[]; readonly report: Report } {
  const problems: Problem[] = [];
  const report = makeReport((steps, message) => problems.push({ path: formatPath(steps), steps, message }));
  return { problems, report };
}

interface Headed extends Layers {
  readonly kind: ImportKind;
  readonly header: readonly string[];
}

/** The target of each header that has one: by the mapping first, then by the shipped one, else by its name. */
function choose(file: Headed, report: Report): ReadonlyMap<string, Target> {
  const { kind, header, mapping, base } = file;
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
  const spoken = new Set([...wanted.map(({ column }) => column), ...ignored, '']);
  if (base !== null) chooseByBase({ kind, header, base, spoken }, chosen);
  if (mapping.only) return chosen;
  const filled = new Set([...chosen.values()].map(({ name }) => name));
  for (const name of header) {
    if (spoken.has(name) || chosen.has(name)) continue;
    const byName = nameFor(kind, name, base === null ? new Set() : filled);
    if (byName === null) continue;
    const target = parseTarget(kind, byName);
    if (typeof target === 'string') report.add(`column ${quote(name)}: ${target}; ignore or map it`);
    else chosen.set(name, target);
  }
  return chosen;
}

/** What a column is called where nobody mapped it; one whose place is taken keeps its own name. */
function nameFor(kind: ImportKind, header: string, filled: ReadonlySet<string>): string | null {
  const byName = targetByHeader(kind, header);
  if (byName === null || !filled.has(byName)) return byName;
  return kind === 'contacts' ? `contact.${header.replaceAll('.', '_')}` : null;
}

/** Maps what a shipped mapping names: of several columns for one place the first that it names, those alike by a number left out. */
function chooseByBase(
  of: {
    readonly kind: ImportKind;
    readonly header: readonly string[];
    readonly base: Mapping;
    readonly spoken: Set<string>;
  },
  chosen: Map<string, Target>,
): void {
  const { kind, header, base, spoken } = of;
  const filled = new Set([...chosen.values()].map(({ name }) => name));
  for (const { column, name } of mappedColumns(kind, base)) {
    const target = parseTarget(kind, name);
    const found = header.find(other => !spoken.has(other) && keyOf(other) === keyOf(column));
    if (typeof target === 'string' || found === undefined || filled.has(target.name)) continue;
    filled.add(target.name);
    spoken.add(found);
    chosen.set(found, target);
  }
  for (const column of base.ignore) {
    const found = header.find(other => !chosen.has(other) && keyOf(other) === keyOf(column));
    if (found !== undefined) spoken.add(found);
  }
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

function readConstants(kind: ImportKind, { mapping, base }: Layers, report: Report): ImportPlan['constants'] {
  const constants: { target: Target; value: string | number | boolean }[] = [];
  for (const [name, value] of new Map([...(base?.constants ?? []), ...mapping.constants])) {
    const target = parseTarget(kind, name);
    if (typeof target !== 'string') constants.push({ target, value });
    else if (mapping.constants.has(name)) report.add(target, 'constants', name);
  }
  return constants;
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
    if (kind === 'contacts' && filled.has('contact.phone')) return;
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
