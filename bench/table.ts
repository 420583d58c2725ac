import { type Agreement, readAgreement } from '../src/core/agreement/agreement.ts';
import type { Line } from '../src/core/scoring/line.ts';
import { type Chance, pick } from './chance.ts';

/** What is known of a made-up contact, flat; every value is there, so that no engine needs a guard. */
export interface Lead {
  readonly industry: string;
  readonly employees: number;
  readonly revenue: number;
  readonly country: string;
  readonly technologies: readonly string[];
  readonly title: string;
  readonly emailKind: string;
}

/** A condition as json-rules-engine writes it. */
export interface Test {
  readonly fact: keyof Lead;
  readonly operator: string;
  readonly value: unknown;
}

/** A trait rule of the table in the three languages that are compared. */
export interface TraitRule {
  readonly id: string;
  readonly label: string;
  readonly score: 'company' | 'person';
  readonly points: number;
  /** As an agreement says it. */
  readonly when: unknown;
  /** As json-rules-engine says it: all must hold. */
  readonly tests: readonly Test[];
  /** As the expression language of zen-engine says it. */
  readonly expression: string;
}

const INDUSTRIES = ['Software', 'Fintech', 'Logistics', 'Health', 'Energy'];
const COUNTRIES = ['Germany', 'France', 'United Kingdom', 'Netherlands', 'Sweden', 'United States', 'Canada'];
const TECHNOLOGIES = ['Salesforce', 'HubSpot', 'Marketo', 'Segment'];
const SENIOR = ['chief', 'ceo', 'cfo', 'cto', 'vp', 'head', 'director', 'founder'];
const JUNIOR = ['student', 'intern', 'trainee', 'assistant'];

/** The most that the company may bring: the two best traits and a little. */
const COMPANY_MAX = 45;

const band = (low: number, high: number | null) => ({
  when: { 'company.employees': { gte: low, ...(high === null ? {} : { lt: high }) } },
  tests: [
    { fact: 'employees', operator: 'greaterThanInclusive', value: low },
    ...(high === null ? [] : [{ fact: 'employees', operator: 'lessThan', value: high } as const]),
  ] satisfies readonly Test[],
  expression: `employees >= ${low}${high === null ? '' : ` and employees < ${high}`}`,
});

const words = (list: readonly string[]) => ({
  when: { 'contact.title': { hasWord: list } },
  tests: [{ fact: 'title', operator: 'hasWord', value: list }] satisfies readonly Test[],
  expression: `some(split(lower(title), " "), # in ${JSON.stringify(list)})`,
});

const oneOf = (fact: 'industry' | 'country', list: readonly string[]) => ({
  when: { [`company.${fact}`]: list },
  tests: [{ fact, operator: 'in', value: list }] satisfies readonly Test[],
  expression: `${fact} in ${JSON.stringify(list)}`,
});

/** The ten trait rules of a table as companies that sell to companies use it; ordered as a breakdown shows them. */
export const RULES: readonly TraitRule[] = [
  { id: 'size_large', label: '250 to 999 people', score: 'company', points: 18, ...band(250, 1000) },
  {
    id: 'industry',
    label: 'Target industry',
    score: 'company',
    points: 15,
    ...oneOf('industry', INDUSTRIES),
  },
  { id: 'size_huge', label: '1,000 people or more', score: 'company', points: 12, ...band(1000, null) },
  {
    id: 'revenue',
    label: 'Revenue of 10 million or more',
    score: 'company',
    points: 10,
    when: { 'company.revenue': { gte: 10_000_000 } },
    tests: [{ fact: 'revenue', operator: 'greaterThanInclusive', value: 10_000_000 }],
    expression: 'revenue >= 10000000',
  },
  { id: 'size_middle', label: '50 to 249 people', score: 'company', points: 9, ...band(50, 250) },
  {
    id: 'technologies',
    label: 'Uses what we connect to',
    score: 'company',
    points: 8,
    when: { 'company.technologies': TECHNOLOGIES },
    tests: [{ fact: 'technologies', operator: 'containsOneOf', value: TECHNOLOGIES }],
    expression: `some(technologies, # in ${JSON.stringify(TECHNOLOGIES)})`,
  },
  { id: 'country', label: 'Where we sell', score: 'company', points: 6, ...oneOf('country', COUNTRIES) },
  { id: 'junior', label: 'Student or trainee', score: 'person', points: -20, ...words(JUNIOR) },
  { id: 'senior', label: 'Senior', score: 'person', points: 16, ...words(SENIOR) },
  {
    id: 'free_mailbox',
    label: 'Free mailbox',
    score: 'person',
    points: -12,
    when: { 'contact.emailKind': 'free' },
    tests: [{ fact: 'emailKind', operator: 'equal', value: 'free' }],
    expression: 'emailKind == "free"',
  },
];

/** The table as an agreement. */
export function tableAgreement(): Agreement {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: 'Ten traits',
    scores: { company: { label: 'Company', max: COMPANY_MAX }, person: { label: 'Person' } },
    rules: RULES.map(({ id, label, score, points, when }) => ({ id, label, score, points, when })),
  });
  if (problems === null) return agreement;
  throw new Error(`the table is not an agreement: ${JSON.stringify(problems)}`);
}

/** A breakdown without what only agreements have: lines, sums, total. */
export interface Sheet {
  readonly scores: Readonly<Record<string, number>>;
  readonly total: number;
  readonly lines: readonly Line[];
}

/** The breakdown that follows from which rules hold, for engines that only say that; in the order of `RULES`. */
export function sheetOf(holds: (rule: TraitRule, index: number) => boolean): Sheet {
  const lines: Line[] = [];
  const personal: Line[] = [];
  let company = 0;
  let person = 0;
  for (let index = 0; index < RULES.length; index++) {
    const rule = RULES[index];
    if (rule === undefined || !holds(rule, index)) continue;
    const { id, label, score, points } = rule;
    const line = { rule: id, label, score, group: null, points, count: null, lastAt: null };
    if (score === 'company') {
      company += points;
      lines.push(line);
    } else {
      person += points;
      personal.push(line);
    }
  }
  if (company > COMPANY_MAX) {
    lines.push(capLine(COMPANY_MAX - company));
    company = COMPANY_MAX;
  }
  lines.push(...personal);
  return { scores: { company, person }, total: company + person, lines };
}

/** The line that says what the bound of the company score took away. */
export function capLine(points: number): Line {
  const label = `Company capped at ${COMPANY_MAX}`;
  return { rule: null, label, score: 'company', group: null, points, count: null, lastAt: null };
}

const OTHER_INDUSTRIES = ['Retail', 'Mining', 'Farming', 'Public sector', 'Media'];
const OTHER_COUNTRIES = ['Brazil', 'Japan', 'India', 'Kenya'];
const OTHER_TECHNOLOGIES = ['Slack', 'Jira', 'SAP', 'Oracle', 'Shopify'];
const ROLES = ['of Sales', 'of Finance', 'Marketing', 'Operations', 'Engineering', 'of Customer Success'];
const RANKS = [
  'VP',
  'Head',
  'Director',
  'Manager',
  'Intern',
  'Assistant',
  'Chief Officer',
  'Specialist',
  'MVP',
];

/** Makes contacts up; every rule holds for some and not for others. */
export function makeLeads(chance: Chance, count: number): readonly Lead[] {
  return Array.from({ length: count }, () => ({
    industry: pick(chance, ['Software', ...INDUSTRIES, ...OTHER_INDUSTRIES]),
    employees: Math.floor(10 ** (chance() * 4)),
    revenue: Math.floor(10 ** (5 + chance() * 4)),
    country: pick(chance, ['Germany', ...COUNTRIES, ...OTHER_COUNTRIES]),
    technologies: Array.from({ length: Math.floor(chance() * 4) }, () =>
      pick(chance, ['Slack', ...OTHER_TECHNOLOGIES, ...OTHER_TECHNOLOGIES, ...TECHNOLOGIES]),
    ),
    title: `${pick(chance, ['VP', ...RANKS])} ${pick(chance, ['Sales', ...ROLES])}`,
    emailKind: pick(chance, ['business', 'business', 'free']),
  }));
}
