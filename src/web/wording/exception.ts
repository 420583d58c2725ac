import type { Exception } from '../../contract/api/exception.ts';
import { isObject } from '../../core/condition/reading.ts';
import { capital, nameWords, uncapital } from '../../core/condition/words.ts';
import { percent } from '../../core/text/number.ts';

/** What an exception is called, by its kind. */
export const KIND_WORDS: Readonly<Record<Exception['kind'], string>> = {
  unassigned: 'Unassigned',
  missing_data: 'Missing data',
  duplicate: 'Possible duplicate',
  delivery: 'Failed delivery',
  breach: 'Broken promise',
};

/**
 * What is wrong, in one sentence: the reason from the fixed list, and what is known of this case. What says the reason
 * again is told once.
 *
 * @example troubleWords({ reason: { label: 'nobody of the team is there' }, detail: 'team emea' }) // 'Nobody of the team is there: team emea.'
 */
export function troubleWords(of: {
  readonly reason: { readonly label: string };
  readonly detail: string;
}): string {
  const { label } = of.reason;
  const clauses = tellingClauses(of.detail).filter(clause => clause !== label);
  const detail = clauses.join('; ');
  const isSaid = clauses.some(clause => withoutTeam(clause).endsWith(label));
  const words = detail === '' ? label : isSaid || detail.startsWith(label) ? detail : `${label}: ${detail}`;
  return capital(/[.!?]$/.test(words) ? words : `${words}.`);
}

/** A clause that speaks of any team, as the fixed reasons do. */
function withoutTeam(clause: string): string {
  return clause.replace(/\bteam [a-z0-9 ]+? (?=has no|does not)/, 'the team ');
}

/** What is no trouble: the first lead of a company belongs to nobody yet. */
const UNTELLING = 'nobody owns the company yet';

/**
 * Why routing gave a lead to somebody, without the ids of entries and without what is no trouble.
 *
 * @example becauseWords('known: nobody owns the company yet; emea: Ann Lee is next in team emea') // 'Ann Lee is next in team emea'
 */
export function becauseWords(because: string): string {
  const telling = tellingClauses(because);
  if (telling.length > 0) return capital(telling.join('; '));
  return because.endsWith(UNTELLING) ? capital(UNTELLING) : because;
}

function tellingClauses(words: string): readonly string[] {
  return words
    .split('; ')
    .map(clauseWords)
    .filter(clause => clause !== '' && !clause.endsWith(UNTELLING));
}

/**
 * A clause as routing writes it, with names as words, without the id of the routing entry it is about, and without the
 * entry's label where that is the name of the team told of.
 *
 * @example clauseWords('Commercial: Ann Lee is next in team commercial') // 'Ann Lee is next in team commercial'
 */
export function clauseWords(clause: string): string {
  const words = clause
    .trim()
    .replace(/^[a-z][a-z0-9_]*: /, '')
    .replace(FIELD, field => uncapital(fieldLabel(field)))
    .replace(/\bteam ([a-z][a-z0-9_]*)/gi, team => nameWords(team));
  const [, label = '', rest = ''] = /^(?:team )?([^:]+): (.+)$/i.exec(words) ?? [];
  return label !== '' && `${rest} `.includes(`team ${label.toLowerCase()} `) ? rest : words;
}

/** A profile field as the server names it in a sentence. */
const FIELD = /(?<=^|\s)(?:contact|company)(?:\.[A-Za-z][A-Za-z0-9_]*)+/g;

/**
 * The name of a profile field as a form or a table shows it.
 *
 * @example fieldLabel('company.annualRevenue') // 'Company annual revenue'
 */
export function fieldLabel(field: string): string {
  const known = LABELS[field];
  if (known !== undefined) return known;
  const [source = '', ...path] = field.split('.');
  const name = path.map(nameWords).join(' ');
  return capital(source === 'company' ? `company ${name}` : name === '' ? nameWords(field) : name);
}

const LABELS: Readonly<Record<string, string>> = {
  'contact.email': 'E-mail address',
  'contact.emailKind': 'Kind of e-mail address',
  'contact.emailDomain': 'E-mail domain',
  'contact.title': 'Job title',
  'contact.createdAt': 'First seen',
  'company.name': 'Company name',
};

/** What a form asks for a field: a number, yes or no, or a text, with the texts that the agreement speaks of. */
export type FieldInput =
  | { readonly kind: 'number' }
  | { readonly kind: 'choice' }
  | { readonly kind: 'text'; readonly known: readonly string[] };

/**
 * How an agreement uses a field, and so what a form should ask for: a number where it compares numbers, yes or no where
 * it does, else a text. `body` is the agreement as its author wrote it.
 *
 * @example inputOf('company.employees', { when: { 'company.employees': { gte: 50 } } }) // { kind: 'number' }
 */
export function inputOf(field: string, body: unknown): FieldInput {
  const operands = operandsOf(field, body);
  const texts = operands.filter(operand => typeof operand === 'string');
  if (texts.length > 0) return { kind: 'text', known: [...new Set(texts)] };
  if (operands.some(operand => typeof operand === 'number')) return { kind: 'number' };
  if (operands.length > 0) return { kind: 'choice' };
  return NUMBERS.test(field) ? { kind: 'number' } : { kind: 'text', known: [] };
}

/** Names of properties that are numbers wherever they occur. */
const NUMBERS = /(?:employees|headcount|revenue|seats)$/i;

/** Everything that an agreement compares a field with; whether it merely exists says nothing of its kind. */
function operandsOf(field: string, body: unknown): readonly (string | number | boolean)[] {
  if (Array.isArray(body)) return body.flatMap(part => operandsOf(field, part));
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === field ? scalarsOf(value) : operandsOf(field, value),
  );
}

function scalarsOf(test: unknown): readonly (string | number | boolean)[] {
  if (typeof test === 'string' || typeof test === 'number' || typeof test === 'boolean') return [test];
  if (Array.isArray(test)) return test.flatMap(scalarsOf);
  if (!isObject(test)) return [];
  return Object.entries(test).flatMap(([op, operand]) =>
    WHOLE_VALUE.includes(op) ? scalarsOf(operand) : [],
  );
}

/** Operators whose operand is a whole value of the field. */
const WHOLE_VALUE = ['is', 'in', 'isNot', 'notIn', 'gt', 'gte', 'lt', 'lte'];

/**
 * How sure it is that two contacts are one person, in words; `score` from 0 to 1.
 *
 * @example likenessWords(0.92) // 'very likely, 92%'
 */
export function likenessWords(score: number): string {
  const words =
    score >= 0.97 ? 'almost certain' : score >= 0.85 ? 'very likely' : score >= 0.7 ? 'likely' : 'possible';
  return `${words}, ${percent(score)}`;
}

/** Who somebody is in one line: job title and company, as far as they are known. */
export function roleWords(of: { readonly title: string | null; readonly company: string | null }): string {
  return [of.title, of.company].filter(part => part !== null).join(', ');
}
