import { quote } from '../problem.ts';

/** What one import file holds. */
export type ImportKind = 'contacts' | 'events' | 'outcomes';

/** The single values a line may carry besides a profile or properties. */
export type Slot =
  | 'id'
  | 'email'
  | 'createdAt'
  | 'event'
  | 'timestamp'
  | 'messageId'
  | 'type'
  | 'at'
  | 'owner'
  | 'reason'
  | 'amount'
  | 'currency'
  | 'source'
  | 'campaign'
  | 'content'
  | 'note';

/** The objects a line may carry. */
export type Root = 'contact' | 'company' | 'properties' | 'context';

/** Where a column's values go; `name` is how mappings and messages write it (`contact.source`, `timestamp`). */
export type Target =
  | { readonly kind: 'slot'; readonly name: string; readonly slot: Slot }
  | { readonly kind: 'field'; readonly name: string; readonly root: Root; readonly path: readonly string[] };

const SLOTS: Readonly<Record<ImportKind, readonly Slot[]>> = {
  contacts: ['id', 'email', 'createdAt'],
  events: ['id', 'email', 'event', 'timestamp', 'messageId'],
  outcomes: [
    'id',
    'email',
    'type',
    'at',
    'owner',
    'reason',
    'amount',
    'currency',
    'source',
    'campaign',
    'content',
    'note',
  ],
};

const ROOTS: Readonly<Record<ImportKind, readonly Root[]>> = {
  contacts: ['contact', 'company'],
  events: ['properties', 'context'],
  outcomes: [],
};

const ALIASES: ReadonlyMap<string, Slot> = new Map([
  ['contactId', 'id'],
  ['contact.email', 'email'],
  ['contact.createdAt', 'createdAt'],
] as const);

/** What is worked out from the e-mail when it is learned, so no file can set it. */
const DERIVED: readonly string[] = ['contact.emailDomain', 'contact.emailKind'];

/**
 * Reads a target as a mapping writes it; text when the kind of import has no such place, saying what was expected.
 *
 * @example parseTarget('contacts', 'contact.source') // { kind: 'field', name: 'contact.source', root: 'contact', path: ['source'] }
 */
export function parseTarget(kind: ImportKind, name: string): Target | string {
  const slot = SLOTS[kind].find(candidate => candidate === (ALIASES.get(name) ?? name));
  if (slot !== undefined) return { kind: 'slot', name: slot, slot };
  if (DERIVED.includes(name)) return `${name} is worked out from the e-mail and cannot be imported`;
  const [head = '', ...path] = name.split('.');
  const root = ROOTS[kind].find(candidate => candidate === head);
  if (root === undefined || path.length === 0) return `expected ${expectedTargets(kind)}, got ${quote(name)}`;
  const bad = path.find(part => part.trim() === '' || part === '__proto__');
  if (bad !== undefined)
    return `${quote(name)} is not a field name: ${bad === '' ? 'a part is blank' : quote(bad)}`;
  return { kind: 'field', name, root, path };
}

/** Whether a top-level key of the mapping means something for this kind of import. */
export function allowsSlot(kind: ImportKind, slot: string): boolean {
  return SLOTS[kind].some(candidate => candidate === slot);
}

function expectedTargets(kind: ImportKind): string {
  const fields = ROOTS[kind].map(root => `${root}.<name>`);
  return [...fields, ...SLOTS[kind]].join(', ').replace(/, ([^,]*)$/, ' or $1');
}

/** The contact traits of the Segment spec whose names people write in many ways (`First Name`, `first_name`). */
const TRAITS: readonly string[] = [
  'firstName',
  'lastName',
  'name',
  'title',
  'phone',
  'website',
  'address',
  'age',
  'avatar',
  'birthday',
  'description',
  'gender',
  'username',
];

const SQUEEZED_TRAITS: ReadonlyMap<string, string> = new Map(TRAITS.map(name => [squeeze(name), name]));

const SLOT_NAMES: Readonly<Record<ImportKind, ReadonlyMap<string, string>>> = {
  contacts: new Map([
    ['id', 'id'],
    ['contactid', 'id'],
    ['email', 'email'],
    ['createdat', 'createdAt'],
    ['company', 'company.name'],
    ['email2', 'contact.otherEmail'],
    ['otheremail', 'contact.otherEmail'],
  ]),
  events: new Map([
    ['contactid', 'id'],
    ['userid', 'id'],
    ['email', 'email'],
    ['event', 'event'],
    ['timestamp', 'timestamp'],
    ['messageid', 'messageId'],
  ]),
  outcomes: new Map([
    ['contactid', 'id'],
    ...SLOTS.outcomes.filter(slot => slot !== 'id').map(slot => [slot, slot] as const),
  ]),
};

/**
 * Says where a column goes by its header alone; null when nothing is meant by that name (only outcomes: their fields are fixed).
 *
 * @example targetByHeader('contacts', 'First Name') // 'contact.firstName'
 * @example targetByHeader('contacts', 'Lead Source') // 'contact.Lead Source'
 */
export function targetByHeader(kind: ImportKind, header: string): string | null {
  const known = SLOT_NAMES[kind].get(squeeze(header));
  if (known !== undefined) return known;
  if (ROOTS[kind].some(root => header.startsWith(`${root}.`))) return header;
  switch (kind) {
    case 'contacts':
      return `contact.${SQUEEZED_TRAITS.get(squeeze(header)) ?? header.replaceAll('.', '_')}`;
    case 'events':
      return `properties.${header.replaceAll('.', '_')}`;
    case 'outcomes':
      return null;
  }
}

/** A header without case and without what stands between its words. @example squeeze('E-Mail') // 'email' */
export function squeeze(header: string): string {
  return header.toLowerCase().replace(/[\s_-]+/g, '');
}
