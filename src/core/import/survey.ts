import { addressIn } from '../contact/email.ts';
import { normaliseText } from '../text/normalise.ts';
import { isPlaceholder } from '../text/placeholder.ts';
import { type OrderEvidence, watchOrder } from './date.ts';
import type { ImportLine } from './line.ts';
import { addressesIn, mayBeOne, nameIn } from './person.ts';
import type { ImportPlan } from './plan.ts';

/** A first look at all rows of a file, which finds what no single row shows. */
export interface Survey {
  /** Looks at a row of a CSV file. */
  readonly seeCells: (line: number, cells: readonly string[]) => void;
  /** Looks at a line of a JSON lines file. */
  readonly seeLine: (line: number, read: ImportLine) => void;
  /** Whether more rows can still change what is known. */
  readonly isAsking: () => boolean;
  /** The plan with what was found: the order of days and months, and addresses that different people have. */
  readonly applied: () => ImportPlan;
}

/** The first rows of a file, by which a column is taken for one without doubtful dates. */
const LOOKED_AT = 2_000;

/**
 * Begins a survey. It holds each address of a contacts file once, with the people who have it, so its memory grows with
 * the number of contacts.
 */
export function startSurvey(plan: ImportPlan): Survey {
  const undecided = plan.columns.flatMap(({ index, form }) =>
    form !== null && form.order === null ? [{ index, evidence: watchOrder() }] : [],
  );
  const people = new Map<string, Holders>();
  const isCrowd = plan.kind === 'contacts';
  const places = placesOf(plan);
  let rows = 0;
  const meet = (line: number, person: Person) => {
    if (person.email !== null && !plan.shared.has(person.email)) addHolder(people, { ...person, line });
  };
  return {
    seeCells: (line, cells) => {
      rows += 1;
      for (const { index, evidence } of undecided) evidence.see(cells[index] ?? '');
      if (isCrowd) meet(line, personIn(cells, { plan, places }));
    },
    seeLine: (line, read) => {
      rows += 1;
      if (read.kind !== 'contact') return;
      const { contactId: id, email, contact } = read;
      meet(line, { id, email, name: nameIn(contact) });
    },
    isAsking: () => isCrowd || undecided.some(({ evidence }) => isOpen(evidence, rows)),
    applied: () => {
      const orders = new Map(undecided.map(({ index, evidence }) => [index, evidence.order()]));
      return {
        ...plan,
        columns: plan.columns.map(column => {
          const order = orders.get(column.index) ?? null;
          return order === null || column.form === null
            ? column
            : { ...column, form: { ...column.form, order } };
        }),
        disputed: new Map([...people].flatMap(([address, held]) => disputeOf(address, held))),
      };
    },
  };
}

function isOpen(evidence: OrderEvidence, rows: number): boolean {
  return evidence.order() === null && (rows < LOOKED_AT || evidence.isAsked());
}

interface Person {
  readonly id: string | null;
  readonly email: string | null;
  readonly name: string;
}

interface Holders {
  readonly first: Person;
  /** The lines of the file on which the address stands: the first ones. */
  readonly lines: number[];
  rows: number;
  /** How many ids, up to three. */
  readonly ids: Set<string>;
  isDisputed: boolean;
}

/** How many lines a dispute names. */
const NAMED_LINES = 5;
/** Of how many ids without names it is not believed that they are one person. */
const MANY_IDS = 3;

function addHolder(
  people: Map<string, Holders>,
  { line, ...person }: Person & { readonly line: number },
): void {
  const { email, id } = person;
  if (email === null) return;
  const held = people.get(email);
  if (held === undefined) {
    people.set(email, {
      first: person,
      lines: [line],
      rows: 1,
      ids: new Set(id === null ? [] : [id]),
      isDisputed: false,
    });
    return;
  }
  held.rows += 1;
  if (held.lines.length < NAMED_LINES) held.lines.push(line);
  if (id !== null && held.ids.size < MANY_IDS) held.ids.add(id);
  if (areTwo(held, person)) held.isDisputed = true;
}

/** Whether a further holder of an address is somebody else. One id is one person, whatever the name. */
function areTwo({ first, ids }: Holders, person: Person): boolean {
  const hasOneId = person.id !== null && ids.size === 1 && ids.has(person.id);
  if (hasOneId) return false;
  if (first.name === '' || person.name === '') return ids.size >= MANY_IDS;
  return !mayBeOne(first.name, person.name);
}

function disputeOf(address: string, held: Holders): readonly (readonly [string, string])[] {
  if (!held.isDisputed) return [];
  const names = held.lines.length < held.rows ? `${held.lines.join(', ')}, …` : held.lines.join(', ');
  const how = held.ids.size > 1 ? 'different ids and names' : 'different names';
  return [
    [
      address,
      `${address} stands on ${held.rows} rows with ${how} (lines ${names}), which would become one contact; ` +
        `to keep them apart, add \`shared: [${address}]\` to the mapping; if they are one person, give them one name`,
    ],
  ];
}

interface Places {
  readonly id: number | null;
  readonly email: number | null;
  readonly names: readonly { readonly field: string; readonly index: number }[];
}

const NAMES: readonly string[] = ['contact.firstName', 'contact.lastName', 'contact.name'];

/** Where a row says who it is about. */
function placesOf({ columns }: ImportPlan): Places {
  const indexOf = (name: string) => columns.find(({ target }) => target.name === name)?.index ?? null;
  return {
    id: indexOf('id'),
    email: indexOf('email'),
    names: NAMES.flatMap(name => {
      const index = indexOf(name);
      return index === null ? [] : [{ field: name.slice('contact.'.length), index }];
    }),
  };
}

function personIn(
  cells: readonly string[],
  { plan, places }: { readonly plan: ImportPlan; readonly places: Places },
): Person {
  const textAt = (index: number | null): string => {
    const cell = index === null ? '' : (cells[index] ?? '').trim();
    return plan.missing.has(normaliseText(cell)) ? '' : cell;
  };
  const id = textAt(places.id);
  const [address = ''] = addressesIn(textAt(places.email));
  return {
    id: id === '' || isPlaceholder(id) ? null : id,
    email: addressIn(address),
    name: nameIn(Object.fromEntries(places.names.map(({ field, index }) => [field, textAt(index)]))),
  };
}
