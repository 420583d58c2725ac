import { type Agreement, readAgreement } from '../../core/agreement/agreement.ts';
import { findDoubts } from '../../core/agreement/warnings.ts';
import { type PlacedProblem, readDocument } from './document.ts';
import { checkTemplates } from './template.ts';

type AgreementFile =
  | {
      readonly agreement: Agreement;
      readonly value: unknown;
      readonly problems: null;
      readonly warnings: readonly PlacedProblem[];
    }
  | {
      readonly agreement: null;
      readonly value: null;
      readonly problems: readonly PlacedProblem[];
      readonly warnings: readonly PlacedProblem[];
    };

/**
 * Reads the text of an agreement file (YAML or JSON): the agreement, or every problem with its path and line; beside
 * either, what is probably not meant.
 *
 * @example readAgreementFile('agreement: 1\nname: Core\nscores: { fit: {} }').agreement?.name // 'Core'
 */
export function readAgreementFile(text: string): AgreementFile {
  const source = readDocument(text);
  if (source.problems.length > 0)
    return { agreement: null, value: null, problems: source.problems, warnings: [] };
  const { agreement, problems } = readAgreement(source.value);
  const faults = checkTemplates(source.value);
  const warnings = [...source.warnings, ...source.placeAll(findDoubts(source.value))];
  if (problems !== null || faults.length > 0) {
    const all = source.placeAll([...(problems ?? []), ...faults]);
    return { agreement: null, value: null, problems: all, warnings };
  }
  return { agreement, value: source.value, problems: null, warnings };
}
