import type { Agreement } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';
import { read } from '../condition/reading.ts';
import { resemblance } from '../duplicate/distance.ts';
import type { ImportPlan } from './plan.ts';
import { squeeze, type Target } from './target.ts';

/** The fields of profiles that an agreement reads, by name (`company.employees`), and whether it compares them as numbers. */
export type ReadFields = ReadonlyMap<string, { readonly isNumber: boolean }>;

/** Finds what fields of a profile an agreement reads: in rules, paths, disqualifiers, routing, deadlines and alerts. */
export function fieldsReadBy({ applies, rules, disqualify, mql, practice }: Agreement): ReadFields {
  const { routing = [], sla = [], alerts = [] } = practice;
  const cases = rules.flatMap(({ evidence }) => (evidence.kind === 'cases' ? evidence.cases : []));
  const gates = [...rules, ...cases, ...disqualify, ...mql, ...sla, ...alerts].map(({ when }) => when);
  const routes = routing.map(entry => (entry.kind === 'entry' ? entry.when : undefined));
  const fields = new Map<string, { isNumber: boolean }>();
  for (const condition of [applies, ...gates, ...routes]) walk(condition ?? null, fields);
  return fields;
}

function walk(condition: Condition | null, fields: Map<string, { isNumber: boolean }>): void {
  if (condition === null) return;
  if (condition.kind === 'not') walk(condition.of, fields);
  else if (condition.kind !== 'field') for (const inner of condition.of) walk(inner, fields);
  else if (condition.field.source === 'contact' || condition.field.source === 'company') {
    const name = [condition.field.source, ...condition.field.path].join('.');
    const isNumber = condition.checks.some(check => check.op === 'compare' && check.as === 'number');
    fields.set(name, { isNumber: isNumber || fields.get(name)?.isNumber === true });
  }
}

/** What Baton itself shows or works with, whatever the rules say. */
const OWN: readonly string[] = [
  'contact.email',
  'contact.otherEmail',
  'contact.name',
  'contact.firstName',
  'contact.lastName',
  'contact.title',
  'contact.phone',
  'contact.mobile',
  'contact.source',
  'contact.campaign',
  'contact.content',
  'contact.owner',
  'company.name',
  'company.domain',
  'company.website',
];

/** The fields that rules read or Baton shows, by name. */
export function fieldNames(fields: ReadFields | null): readonly string[] {
  return [...new Set([...OWN, ...(fields ?? new Map<string, unknown>()).keys()])].sort();
}

/** A column that nothing reads, and the field that was probably meant. */
export interface UnreadColumn {
  readonly column: string;
  readonly readAs: string;
  readonly suggestion: string | null;
}

/** The columns of a contacts file whose values no rule reads, nor Baton itself. */
export function unreadColumns({ kind, columns }: ImportPlan, fields: ReadFields): readonly UnreadColumn[] {
  if (kind !== 'contacts') return [];
  const taken = new Set(columns.map(({ target }) => target.name));
  const isRead = ({ kind: target, name }: Target) =>
    target === 'slot' ||
    OWN.includes(name) ||
    [...fields.keys()].some(
      field => field === name || field.startsWith(`${name}.`) || name.startsWith(`${field}.`),
    );
  return columns.flatMap(({ header, target }) => {
    if (isRead(target)) return [];
    const free = [...fields.keys(), ...OWN].filter(field => !taken.has(field));
    return [{ column: header, readAs: target.name, suggestion: nearest(header, free) }];
  });
}

/** What people call the fields of a profile, by their last name. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  title: ['jobtitle', 'position', 'role', 'jobposition', 'function', 'headline', 'funktion', 'poste'],
  phone: ['phonenumber', 'telephone', 'tel', 'workphone', 'mobile', 'mobilephone', 'telefon', 'handy'],
  employees: [
    'numberofemployees',
    'noofemployees',
    'companysize',
    'employeecount',
    'headcount',
    'companyheadcount',
    'size',
    'mitarbeiter',
  ],
  country: ['countryregion', 'countrycode', 'land', 'pays', 'billingcountry', 'mailingcountry'],
  industry: ['sector', 'companyindustry', 'branche', 'vertical'],
  source: ['leadsource', 'originalsource', 'platform', 'channel'],
  campaign: ['campaignname', 'utmcampaign'],
  content: ['utmcontent', 'adcontent', 'creative', 'creativename'],
  revenue: ['annualrevenue', 'turnover', 'umsatz'],
  firstName: ['vorname', 'prenom', 'givenname', 'forename'],
  lastName: ['nachname', 'nom', 'surname', 'familyname'],
  domain: ['companydomain', 'websiteurl', 'companydomainname'],
  name: [
    'companyname',
    'account',
    'accountname',
    'organization',
    'organisation',
    'firma',
    'societe',
    'associatedcompany',
  ],
};

/** How alike two words are from which on one is taken for the other. */
const ALIKE = 0.9;

function nearest(header: string, fields: readonly string[]): string | null {
  const wanted = squeeze(header)
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');
  const last = (field: string) => field.slice(field.lastIndexOf('.') + 1);
  const means = (field: string) =>
    squeeze(last(field)) === wanted ||
    squeeze(field).replace('.', '') === wanted ||
    (SYNONYMS[last(field)] ?? []).includes(wanted);
  // `name` is a company's here: a person's is understood by its header.
  const found = fields.find(field => means(field) && field !== 'contact.name');
  if (found !== undefined) return found;
  return (
    fields.find(field => resemblance(squeeze(last(field)), wanted) >= ALIKE && field !== 'contact.name') ??
    null
  );
}

/** Whether a value that rules compare as a number is not one; blank and missing values are fine. */
export function isNoNumber(value: unknown): boolean {
  const { missing, least } = read(value);
  return !missing && least === null;
}
