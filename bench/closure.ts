import type { Line } from '../src/core/scoring/line.ts';
import { normaliseText } from '../src/core/text/normalise.ts';
import { capLine, type Lead, type Sheet } from './table.ts';

/** A lead whose text is in the form in which it is compared, as Baton's readings hold it. */
export type Values = Lead;

/** Puts the text of a lead into the form in which it is compared. */
export function normaliseLead(lead: Lead): Values {
  return {
    industry: normaliseText(lead.industry),
    employees: lead.employees,
    revenue: lead.revenue,
    country: normaliseText(lead.country),
    technologies: lead.technologies.map(normaliseText),
    title: normaliseText(lead.title),
    emailKind: normaliseText(lead.emailKind),
  };
}

const INDUSTRIES = new Set(['software', 'fintech', 'logistics', 'health', 'energy']);
const COUNTRIES = new Set([
  ...['germany', 'france', 'united kingdom', 'netherlands', 'sweden', 'united states', 'canada'],
]);
const TECHNOLOGIES = new Set(['salesforce', 'hubspot', 'marketo', 'segment']);
const SENIOR = /(?<![\p{L}\p{Nd}])(?:chief|ceo|cfo|cto|vp|head|director|founder)(?![\p{L}\p{Nd}])/u;
const JUNIOR = /(?<![\p{L}\p{Nd}])(?:student|intern|trainee|assistant)(?![\p{L}\p{Nd}])/u;

type Rule = (values: Values) => Line | null;

const line = (
  rule: string,
  label: string,
  of: { readonly score: string; readonly points: number },
): Line => ({
  rule,
  label,
  score: of.score,
  group: null,
  points: of.points,
  count: null,
  lastAt: null,
});

/** The rules as somebody would write them who needs these ten and no others. */
const COMPANY: readonly Rule[] = [
  ({ employees }) =>
    employees >= 250 && employees < 1000
      ? line('size_large', '250 to 999 people', { score: 'company', points: 18 })
      : null,
  ({ industry }) =>
    INDUSTRIES.has(industry) ? line('industry', 'Target industry', { score: 'company', points: 15 }) : null,
  ({ employees }) =>
    employees >= 1000 ? line('size_huge', '1,000 people or more', { score: 'company', points: 12 }) : null,
  ({ revenue }) =>
    revenue >= 10_000_000
      ? line('revenue', 'Revenue of 10 million or more', { score: 'company', points: 10 })
      : null,
  ({ employees }) =>
    employees >= 50 && employees < 250
      ? line('size_middle', '50 to 249 people', { score: 'company', points: 9 })
      : null,
  ({ technologies }) => {
    for (const technology of technologies)
      if (TECHNOLOGIES.has(technology))
        return line('technologies', 'Uses what we connect to', { score: 'company', points: 8 });
    return null;
  },
  ({ country }) =>
    COUNTRIES.has(country) ? line('country', 'Where we sell', { score: 'company', points: 6 }) : null,
];

const PERSON: readonly Rule[] = [
  ({ title }) =>
    JUNIOR.test(title) ? line('junior', 'Student or trainee', { score: 'person', points: -20 }) : null,
  ({ title }) => (SENIOR.test(title) ? line('senior', 'Senior', { score: 'person', points: 16 }) : null),
  ({ emailKind }) =>
    emailKind === 'free' ? line('free_mailbox', 'Free mailbox', { score: 'person', points: -12 }) : null,
];

/** The breakdown of a lead by the closures above: the limit that no general scorer passes. */
export function scoreByClosures(values: Values): Sheet {
  const lines: Line[] = [];
  let company = addLines(COMPANY, values, lines);
  if (company > 45) {
    lines.push(capLine(45 - company));
    company = 45;
  }
  const person = addLines(PERSON, values, lines);
  return { scores: { company, person }, total: company + person, lines };
}

function addLines(rules: readonly Rule[], values: Values, lines: Line[]): number {
  let sum = 0;
  for (const rule of rules) {
    const found = rule(values);
    if (found === null) continue;
    sum += found.points;
    lines.push(found);
  }
  return sum;
}
