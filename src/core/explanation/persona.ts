import type { Agreement, Rule } from '../agreement/agreement.ts';
import type { Condition, Field } from '../condition/condition.ts';
import { read, valueAt } from '../condition/reading.ts';
import { uncapital } from '../condition/words.ts';
import type { Profile } from '../contact/profile.ts';
import type { Line } from '../scoring/line.ts';
import { whole } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';

/** What a field of a profile is in a description of a person, by the last part of its name. */
const ROLES: Readonly<Record<string, 'title' | 'size' | 'industry' | 'country'>> = {
  title: 'title',
  jobtitle: 'title',
  role: 'title',
  position: 'title',
  occupation: 'title',
  employees: 'size',
  employeecount: 'size',
  numberofemployees: 'size',
  headcount: 'size',
  companysize: 'size',
  size: 'size',
  industry: 'industry',
  sector: 'industry',
  vertical: 'industry',
  country: 'country',
};

/** Industries whose name also names the company. */
const COMPANIES = new Set(
  'agency bank biotech brewery charity consultancy fintech edtech hospital insurer manufacturer nonprofit retailer school startup university'.split(
    ' ',
  ),
);

/** The longest value of a profile that a sentence shows; longer ones are mistakes or mischief. */
const MAX_VALUE = 32;
/** How many lines are named by their labels when the profile has no words for them. */
const MAX_LABELS = 2;

/**
 * What of a profile speaks for a contact, in a few words: the title, size, industry and country that the given lines
 * rest on (`VP at a 300-person fintech`), else what those lines are called. Empty when there is nothing to say.
 */
export function personaWords(agreement: Agreement, profile: Profile, lines: readonly Line[]): string {
  const told: Partial<Record<'title' | 'size' | 'industry' | 'country', string>> = {};
  const unsaid: Line[] = [];
  let heaviestSaid = 0;
  for (const line of lines) {
    const said = fieldsOf(agreement, line).flatMap(field => {
      const role = ROLES[(field.path.at(-1) ?? '').toLowerCase().replace(/[^a-z]/g, '')];
      const value = role === undefined ? null : shown(profile, field, role === 'size');
      if (role === undefined || value === null) return [];
      told[role] ??= value;
      return [role];
    });
    if (said.length === 0) unsaid.push(line);
    else heaviestSaid = Math.max(heaviestSaid, line.points);
  }
  const described = describe(told);
  const labels = unsaid
    .filter(line => line.points > heaviestSaid)
    .slice(0, described === '' ? MAX_LABELS : 1);
  const names = labels.map(line => oneLine(uncapital(line.label), MAX_VALUE));
  return [described, ...names].filter(part => part !== '').join(', ');
}

function describe(told: {
  readonly title?: string;
  readonly size?: string;
  readonly industry?: string;
  readonly country?: string;
}): string {
  const { title, size, industry, country } = told;
  const kind = industry === undefined ? 'company' : companyKind(industry);
  const company =
    size === undefined && industry === undefined
      ? ''
      : withArticle(size === undefined ? kind : `${size}-person ${kind}`);
  const place =
    country === undefined
      ? ''
      : `in ${/^(?:united|netherlands|philippines|czech republic)/i.test(country) ? 'the ' : ''}${country}`;
  const work = [company, place].filter(part => part !== '').join(' ');
  if (title === undefined) return company === '' ? work : work.replace(/^an? /, '');
  return company === '' ? [title, place].filter(part => part !== '').join(' ') : `${title} at ${work}`;
}

function companyKind(industry: string): string {
  const kind = /^\p{Lu}{2}/u.test(industry) ? industry : industry.toLowerCase();
  return COMPANIES.has(kind) || kind.endsWith('company') ? kind : `${kind} company`;
}

/** With its article. @example withArticle('11-person bank') // 'an 11-person bank' */
export function withArticle(words: string): string {
  return /^(?:[aeio]|un[^i]|8|11\b|11,|18\b|18,)/i.test(words) ? `an ${words}` : `a ${words}`;
}

/** The fields of a profile that a line rests on: those of its rule's gate and of the case that held. */
function fieldsOf({ rules }: Agreement, line: Line): readonly Field[] {
  const rule = rules.find(({ id }) => id === line.rule);
  if (rule === undefined) return [];
  return conditionsBehind(rule, line).flatMap(positiveFields);
}

function conditionsBehind({ when, evidence }: Rule, line: Line): readonly Condition[] {
  const gate = when === null ? [] : [when];
  if (evidence.kind !== 'cases') return gate;
  const found = evidence.cases.find(({ label, points }) => label === line.label && points === line.points);
  return found === undefined ? gate : [found.when, ...gate];
}

/** What is denied is nothing to describe somebody by. */
function positiveFields(condition: Condition): readonly Field[] {
  if (condition.kind === 'not') return [];
  return condition.kind === 'field' ? [condition.field] : condition.of.flatMap(positiveFields);
}

function shown(profile: Profile, field: Field, isNumber: boolean): string | null {
  const source = field.source === 'contact' ? profile.contact : profile.company;
  const found = valueAt(source, field.path);
  const value: unknown = Array.isArray(found) ? found[0] : found;
  if (isNumber) {
    const { number } = read(value);
    return number !== null && number >= 1 && number < 1e7 ? whole(number) : null;
  }
  if (typeof value !== 'string') return null;
  const text = oneLine(value, MAX_VALUE);
  // A mail program would make a link of it, and the person who typed it may want that.
  return text === '' || /:\/\/|www\.|@/i.test(text) ? null : text;
}
