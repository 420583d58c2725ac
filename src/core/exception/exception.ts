import { sentenceWords } from '../condition/words.ts';
import { emailDomain } from '../contact/email.ts';
import { phoneDigits } from '../duplicate/phone.ts';
import { formatPath, quote } from '../problem.ts';
import { type RoutingReason, reasonWords } from '../routing/reason.ts';
import { isWaitingReason, waitingLabel } from '../routing/waiting.ts';
import { listed } from '../text/number.ts';

/** The ways in which something waits for a person. */
export const EXCEPTION_KINDS = ['unassigned', 'missing_data', 'duplicate', 'delivery', 'breach'] as const;
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number];

/** For how long at least somebody may look for a new owner, in ms, however late the lead is itself: an hour. */
export const FIND_WITHIN_MS = 3_600_000;

/** The kind of exception that a lead waits in for one of routing's reasons. */
export function kindOfWaiting(reason: string): ExceptionKind {
  if (reason === 'missing_data') return 'missing_data';
  return reason === 'possible_duplicate' ? 'duplicate' : 'unassigned';
}

/** What was filled in for missing fields: the traits of an identify call, and what is wrong with each of the others. */
interface FilledIn {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Reads the values filled in for a lead that lacks the fields `missing`. An e-mail address must be valid and a phone number
 * one: with any other the lead would go on waiting.
 *
 * @example readFilledIn({ 'contact.country': 'UK' }, []) // { traits: { country: 'UK' }, problems: [] }
 */
export function readFilledIn(
  values: Readonly<Record<string, string | number | boolean>>,
  missing: readonly string[],
): FilledIn {
  const traits: Record<string, unknown> = {};
  const company: Record<string, unknown> = {};
  const problems: { path: string; message: string }[] = [];
  const lacking =
    missing.length === 0
      ? 'such as contact.country or company.employees'
      : `missing ${missing.length === 1 ? 'is' : 'are'} ${listed(missing, 'and')}`;
  for (const [field, value] of Object.entries(values)) {
    const [part, name, ...rest] = field.split('.');
    const isField = (part === 'contact' || part === 'company') && name !== undefined && name !== '';
    const message =
      isField && rest.length === 0
        ? (DERIVED.get(field) ?? wrongValue(field, value))
        : `expected contact.<name> or company.<name>; ${lacking}`;
    if (message !== null) problems.push({ path: formatPath(['values', field]), message });
    else if (name !== undefined) (part === 'contact' ? traits : company)[name] = value;
  }
  if (Object.keys(values).length === 0)
    problems.push({ path: 'values', message: `expected at least one field; ${lacking}` });
  return { traits: Object.keys(company).length === 0 ? traits : { ...traits, company }, problems };
}

function wrongValue(field: string, value: string | number | boolean): string | null {
  const got = typeof value === 'string' ? quote(value) : String(value);
  if (field === 'contact.email' && (typeof value !== 'string' || emailDomain(value) === null))
    return `expected an e-mail address such as ann@company.com, got ${got}`;
  if (field === 'contact.phone' && phoneDigits(String(value)) === null)
    return `expected a phone number such as +44 20 7946 0018, got ${got}`;
  return null;
}

/** What follows from other facts, and from which. */
const DERIVED: ReadonlyMap<string, string> = new Map([
  ['contact.createdAt', 'follows from what is known of the contact, and cannot be set'],
  ['contact.emailDomain', 'follows from contact.email; expected that instead'],
  ['contact.emailKind', 'follows from contact.email; expected that instead'],
  ['contact.company', 'holds the fields of the company; expected one of them, such as company.name'],
]);

const LABELS: Readonly<Record<string, string>> = {
  recipient_gone: 'the recipient is gone',
  unreachable: 'the other side cannot be reached',
  refused: 'the other side refuses',
  gave_up: 'every attempt failed',
  joins_too_many: 'one id would join too many people',
  joins_companies: 'one group id stands for different companies',
};

/** The reason of an exception, in the words that people read. @example reasonLabel('no_routing') // 'the agreement has no routing' */
export function reasonLabel(reason: string): string {
  return ownLabel(reason) ?? reason.replaceAll('_', ' ');
}

function ownLabel(reason: string): string | null {
  return isWaitingReason(reason) ? waitingLabel(reason) : (LABELS[reason] ?? null);
}

/**
 * What is wrong, in one sentence: the reason as data in words. Where there is none, the text that is stored, after the
 * label of its kind; a reason without a label of its own, such as that of a breach, is told by the text alone.
 *
 * @example troubleWords({ reason: 'gave_up', detail: 'mail to ann@acme.com: timeout', why: null }) // 'Every attempt failed: mail to ann@acme.com: timeout.'
 */
export function troubleWords(of: {
  readonly reason: string;
  readonly detail: string;
  readonly why: RoutingReason | null;
}): string {
  const { reason, detail, why } = of;
  if (why !== null) return sentenceWords(reasonWords(why, 'short'));
  const label = ownLabel(reason);
  if (detail === '' || detail === label) return sentenceWords(label ?? reasonLabel(reason));
  return sentenceWords(label === null ? detail : `${label}: ${detail}`);
}
