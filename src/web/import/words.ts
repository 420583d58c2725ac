import type { ImportedFile } from '../../contract/api/import.ts';
import { counted, whole } from '../../core/text/number.ts';

/** The kinds of files, as they are chosen. */
export const KIND_CHOICES = [
  { value: 'contacts', label: 'Contacts' },
  { value: 'events', label: 'Events' },
  { value: 'outcomes', label: 'Outcomes' },
] as const;

export type ImportKindName = (typeof KIND_CHOICES)[number]['value'];

/** The date formats that can be chosen; the empty one lets the column decide. */
export const DATE_CHOICES = [
  { value: '', label: 'As the column shows' },
  { value: 'DD.MM.YYYY', label: 'Day first: 31.12.2026' },
  { value: 'MM/DD/YYYY', label: 'Month first: 12/31/2026' },
  { value: 'YYYY-MM-DD', label: 'Year first: 2026-12-31' },
] as const;

/** The encodings that can be chosen; the empty one is what the file says of itself. */
export const ENCODING_CHOICES = [
  { value: '', label: 'UTF-8, or as marked' },
  { value: 'windows-1252', label: 'Windows-1252 (Western Europe)' },
  { value: 'windows-1250', label: 'Windows-1250 (Central Europe)' },
  { value: 'windows-1251', label: 'Windows-1251 (Cyrillic)' },
  { value: 'utf-16le', label: 'UTF-16' },
  { value: 'macintosh', label: 'Mac Roman' },
] as const;

/** What became of the rows of an import. @example '2 taken, 1 unchanged, 3 refused' */
export function countWords(of: Pick<ImportedFile, 'taken' | 'unchanged' | 'refused' | 'passed'>): string {
  const passed = of.passed === 0 ? [] : [`${whole(of.passed)} passed over`];
  return [
    `${whole(of.taken)} taken`,
    `${whole(of.unchanged)} unchanged`,
    `${whole(of.refused)} refused`,
    ...passed,
  ].join(', ');
}

/** Where an import stands, in a word or two. */
export function stateWords({ state, undoneAt }: Pick<ImportedFile, 'state' | 'undoneAt'>): string {
  if (undoneAt !== null) return 'Taken back';
  return state === 'running' ? 'Running' : state === 'done' ? 'Done' : 'Stopped';
}

/** How far an import has come. */
export function progressWords({
  stage,
  done,
  total,
}: Pick<ImportedFile, 'stage' | 'done' | 'total'>): string {
  if (stage === 'reading') return `${counted(done, 'row')} read …`;
  return total === null ? 'Scoring contacts …' : `${whole(done)} of ${counted(total, 'contact')} scored …`;
}

/** A size in words. @example sizeWords(2_500_000) // '2.5 MB' */
export function sizeWords(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
