import { z } from 'zod';
import { flatten, record } from '../agreement/pieces.ts';
import { emailDomain, normaliseEmail } from '../contact/email.ts';
import { formatPath, type Problem, quote } from '../problem.ts';
import { type DateForm, type DateOrder, isZoneName, NO_FORM, readFormat } from './date.ts';
import type { Slot } from './target.ts';

/** The systems and ad platforms whose files Baton knows: a mapping of each is shipped. */
export const KNOWN_SOURCES = ['hubspot', 'salesforce', 'pipedrive', 'meta', 'linkedin'] as const;
export type KnownSource = (typeof KNOWN_SOURCES)[number];

/** A mapping file's content: how the columns of a foreign file are to be read. */
export interface Mapping {
  /** The columns that hold the line's own values, as named by the mapping's top-level keys. */
  readonly slots: Readonly<Partial<Record<Slot, string>>>;
  /** Column header to target name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly ignore: readonly string[];
  readonly only: boolean;
  readonly missing: readonly string[];
  /** Target name to the value every row gets unless its own cell says otherwise. */
  readonly constants: ReadonlyMap<string, string | number | boolean>;
  /** The name of the characters' code, as `windows-1252`; null: UTF-8, or what the file's mark says. */
  readonly encoding: string | null;
  readonly dates: DateForm & { readonly columns: ReadonlyMap<string, DateForm> };
  /** Which character stands before the decimals. */
  readonly numbers: 'point' | 'comma';
  /** Addresses that several people share, in small letters: they say of nobody who it is. */
  readonly shared: readonly string[];
  /** Column header to the values by which rows are left out. */
  readonly skip: ReadonlyMap<string, readonly string[]>;
  /** The shipped mapping that this one builds on. */
  readonly like: KnownSource | null;
  /** Headers by which a file of this kind is recognised; in shipped mappings. */
  readonly signs: readonly string[];
}

/** The mapping of a file that came without one. */
export const NO_MAPPING: Mapping = {
  slots: {},
  columns: new Map(),
  ignore: [],
  only: false,
  missing: [],
  constants: new Map(),
  encoding: null,
  dates: { ...NO_FORM, columns: new Map() },
  numbers: 'point',
  shared: [],
  skip: new Map(),
  like: null,
  signs: [],
};

const SLOT_KEYS = ['id', 'email', 'createdAt', 'event', 'timestamp', 'messageId', 'type', 'at'] as const;

const text = z.string().refine(value => value.trim() !== '', 'expected text, got blank text');
const trimmed = text.transform(value => value.trim());

const format = trimmed.transform((value, context): DateOrder => {
  const order = readFormat(value);
  if (order !== null) return order;
  context.addIssue({
    code: 'custom',
    message: `expected a date format such as DD.MM.YYYY, MM/DD/YYYY or YYYY-MM-DD, got ${quote(value)}`,
  });
  return z.NEVER;
});
const zone = trimmed.refine(
  isZoneName,
  'expected a time zone such as Europe/Berlin, or an offset such as +01:00',
);
const address = trimmed
  .refine(value => emailDomain(value) !== null, 'expected an e-mail address')
  .transform(normaliseEmail);
const form = { format: format.optional(), zone: zone.optional() };
const word = z.union([text, z.number(), z.boolean()], { error: 'expected text, a number, true or false' });

const mappingFile = record({
  like: z.enum(KNOWN_SOURCES).optional(),
  id: trimmed.optional(),
  email: trimmed.optional(),
  createdAt: trimmed.optional(),
  event: trimmed.optional(),
  timestamp: trimmed.optional(),
  messageId: trimmed.optional(),
  type: trimmed.optional(),
  at: trimmed.optional(),
  columns: z.record(z.string(), trimmed).optional(),
  ignore: z.array(trimmed).optional(),
  only: z.boolean().optional(),
  missing: z.array(text).optional(),
  constants: z.record(z.string(), word).optional(),
  encoding: trimmed.optional(),
  dates: record({ ...form, columns: z.record(z.string(), record(form)).optional() }).optional(),
  numbers: z.enum(['point', 'comma']).optional(),
  shared: z.array(address).optional(),
  skip: z.record(z.string(), z.array(word)).optional(),
  signs: z.array(trimmed).optional(),
});

type MappingResult =
  | { readonly mapping: Mapping; readonly problems: null }
  | { readonly mapping: null; readonly problems: readonly Problem[] };

/**
 * Reads a mapping from plain data (parsed YAML or JSON): the mapping, or every problem at once.
 *
 * @example readMapping({ id: 'Prospect ID', missing: ['Select'] }).mapping?.slots.id // 'Prospect ID'
 */
export function readMapping(raw: unknown): MappingResult {
  const result = mappingFile.safeParse(raw, { reportInput: true });
  if (!result.success) {
    const problems = result.error.issues.flatMap(flatten);
    return {
      mapping: null,
      problems: problems.map(({ path: steps, message }) => ({ path: formatPath(steps), steps, message })),
    };
  }
  const file = result.data;
  const slots: Partial<Record<Slot, string>> = {};
  for (const key of SLOT_KEYS) {
    const column = file[key];
    if (column !== undefined) slots[key] = column;
  }
  return {
    mapping: {
      slots,
      columns: new Map(Object.entries(file.columns ?? {}).map(([header, name]) => [header.trim(), name])),
      ignore: file.ignore ?? [],
      only: file.only ?? false,
      missing: file.missing ?? [],
      constants: new Map(Object.entries(file.constants ?? {}).map(([name, value]) => [name.trim(), value])),
      encoding: file.encoding ?? null,
      dates: {
        ...formOf(file.dates),
        columns: new Map(
          Object.entries(file.dates?.columns ?? {}).map(([name, own]) => [name.trim(), formOf(own)]),
        ),
      },
      numbers: file.numbers ?? 'point',
      shared: file.shared ?? [],
      skip: new Map(
        Object.entries(file.skip ?? {}).map(([name, values]) => [name.trim(), values.map(String)]),
      ),
      like: file.like ?? null,
      signs: file.signs ?? [],
    },
    problems: null,
  };
}

function formOf(
  written: { readonly format?: DateOrder | undefined; readonly zone?: string | undefined } | undefined,
): DateForm {
  return { order: written?.format ?? null, zone: written?.zone ?? null };
}
