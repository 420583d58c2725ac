import { eventName, eventProperties, isMarkedMachine } from '../condition/event.ts';
import { isObject, valueAt } from '../condition/reading.ts';
import { nameOf, quote } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import { unreachable } from '../unreachable.ts';
import { type GrowingRow, put } from './cells.ts';
import { contactLine, eventLine, type ImportLine, outcomeLine, problem } from './line.ts';
import type { ImportPlan } from './plan.ts';
import type { Target } from './target.ts';

type Row = Readonly<Record<string, unknown>>;

/** How deep objects and lists may nest: no rule looks deeper, and a walk over them must end. */
const MAX_DEPTH = 32;

/** Reads one parsed line of a JSON lines file; every fault of the line is in the problem's reason. */
export function readJson(plan: ImportPlan, value: unknown): ImportLine {
  if (!isObject(value)) return problem(`expected an object, got ${nameOf(value)}`);
  const fault = unstorable(value, MAX_DEPTH);
  if (fault !== null) return problem(fault);
  const row = plan.missing.size === 0 ? value : withoutMissing(value, plan.missing);
  switch (plan.kind) {
    case 'contacts':
      return readContact(row, plan);
    case 'events':
      return readEvent(row, plan);
    case 'outcomes': {
      const values: GrowingRow = { slots: { ...row, id: row.contactId ?? row.id }, roots: {} };
      fillConstants(values, plan);
      return outcomeLine({ ...values, form: plan.form });
    }
    default:
      return unreachable(plan.kind);
  }
}

function readContact(row: Row, plan: ImportPlan): ImportLine {
  const { id, createdAt, at } = row;
  const contact = row.contact ?? {};
  const company = row.company ?? {};
  if (!isObject(contact)) return problem(`contact: expected an object, got ${nameOf(contact)}`);
  if (!isObject(company)) return problem(`company: expected an object, got ${nameOf(company)}`);
  const stray = row.contact === undefined && row.company === undefined ? strayKey(row) : undefined;
  if (stray !== undefined) {
    return problem(`${quote(stray)} is not a key of a contact; its values stand under contact or company`);
  }
  const email = contact.email ?? row.email;
  const values: GrowingRow = {
    slots: { id, email, createdAt },
    roots: { contact: { ...contact }, company: { ...company } },
  };
  fillConstants(values, plan);
  return contactLine({ ...values, form: plan.form, at }, plan);
}

const CONTACT_KEYS: readonly string[] = ['id', 'email', 'createdAt', 'at', 'contact', 'company'];

/** A profile written flat would arrive as an empty one; a key that has no place tells that it was meant otherwise. */
function strayKey(row: Row): string | undefined {
  return Object.keys(row).find(key => !CONTACT_KEYS.includes(key));
}

function readEvent(row: Row, plan: ImportPlan): ImportLine {
  const { type, userId, email, messageId, timestamp } = row;
  const context = row.context ?? {};
  const properties = row.properties ?? {};
  if (type !== 'track' && type !== 'page' && type !== 'screen') {
    if (typeof type !== 'string') return problem(`type: expected track, page or screen, got ${nameOf(type)}`);
    return { kind: 'passed', reason: `a call of type ${quote(type)} is not an event` };
  }
  if (!isObject(context)) return problem(`context: expected an object, got ${nameOf(context)}`);
  if (!isObject(properties)) return problem(`properties: expected an object, got ${nameOf(properties)}`);
  const all = eventProperties(row);
  const values: GrowingRow = {
    slots: { id: userId, email, event: eventName(row) ?? undefined, timestamp, messageId },
    roots: { properties: isObject(all) ? { ...all } : {}, context: { ...context } },
  };
  fillConstants(values, plan);
  const { anonymousId, sentAt, receivedAt } = row;
  return eventLine({
    ...values,
    form: plan.form,
    call: { anonymousId, sentAt, receivedAt, machine: isMarkedMachine(row) },
  });
}

/** Fills the places a line says nothing about. */
function fillConstants(values: GrowingRow, plan: ImportPlan): void {
  for (const { target, value } of plan.constants) {
    if (!isFilled(values, target)) put(values, target, value);
  }
}

function isFilled(values: GrowingRow, target: Target): boolean {
  const value =
    target.kind === 'slot' ? values.slots[target.slot] : valueAt(values.roots[target.root], target.path);
  return value !== undefined && value !== null;
}

/** Leaves out the texts that mean missing, in objects at any depth; lists stay as they are. */
function withoutMissing(row: Row, missing: ReadonlySet<string>): Row {
  const kept = Object.entries(row).filter(
    ([, value]) => typeof value !== 'string' || !missing.has(normaliseText(value)),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, isObject(value) ? withoutMissing(value, missing) : value]),
  );
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

function unstorable(value: unknown, depth: number): string | null {
  if (typeof value === 'string') {
    return UNSTORABLE.test(value) ? `${quote(value)} contains a character that cannot be stored` : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === 0) return `objects and lists nest more than ${MAX_DEPTH} deep`;
  for (const [key, inner] of Object.entries(value)) {
    const fault = unstorable(key, depth) ?? unstorable(inner, depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}
