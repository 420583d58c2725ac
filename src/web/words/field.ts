import { capital, nameWords } from '../../core/condition/words.ts';

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

/** Who somebody is in one line: job title and company, as far as they are known. */
export function roleWords(of: { readonly title: string | null; readonly company: string | null }): string {
  return [of.title, of.company].filter(part => part !== null).join(', ');
}
