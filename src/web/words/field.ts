import { capital, profileFieldWords } from '../../core/condition/words.ts';

/**
 * The name of a profile field as a form or a table shows it.
 *
 * @example fieldLabel('company.annualRevenue') // 'Company annual revenue'
 */
export function fieldLabel(field: string): string {
  return capital(profileFieldWords(field));
}

/** Who somebody is in one line: job title and company, as far as they are known. */
export function roleWords(of: { readonly title: string | null; readonly company: string | null }): string {
  return [of.title, of.company].filter(part => part !== null).join(', ');
}
