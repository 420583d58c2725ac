import { type Document, isPair, isScalar, type Scalar, visit } from 'yaml';

/** A number of a YAML file whose digits say more than the number does, and what is to be known about it. */
interface DoubtfulNumber {
  readonly node: Scalar;
  readonly message: string;
}

const TEXT_TESTS = new Set(['contains', 'startsWith', 'endsWith', 'hasWord']);
const VALUE_TESTS = new Set(['is', 'isNot', 'in', 'notIn']);
const OTHER_TESTS = new Set(['gt', 'gte', 'lt', 'lte', 'exists', 'within', 'olderThan']);

/** Digits that lose their beginning as a number (02139, +49, 0x1F), or their end: more than a number holds. */
const LOSES_DIGITS = /^[+-]?0[\dox]|^\+|^\d{16,}$/i;
const HAS_EXPONENT = /^[+-]?[\d.]+e/i;
const UNDERSCORED = /^[+-]?\d+(?:_\d+)+$/;

/**
 * Finds numbers that an author of YAML may have meant as text, such as postal codes, and makes those text, as written, that
 * conditions compare with text: `02139`, and what a test such as `startsWith` is given.
 */
export function keepDigits(document: Document): readonly DoubtfulNumber[] {
  const doubts: DoubtfulNumber[] = [];
  visit(document, {
    Scalar: (key, node, path) => {
      if (key === 'key' || node.type !== 'PLAIN') return;
      const { value, source = '' } = node;
      if (typeof value === 'string' && UNDERSCORED.test(source)) {
        const number = source.replaceAll('_', '');
        doubts.push({
          node,
          message: `${source} is text in YAML 1.2; write ${number} if a number is meant, or quote it`,
        });
      }
      if (typeof value !== 'number' || source === String(value)) return;
      const role = roleOf(path);
      const isLossy = LOSES_DIGITS.test(source);
      const isText = role === 'text' || (role === 'value' && isLossy);
      if (isText) node.value = source;
      if (isLossy) doubts.push({ node, message: lossyWords(source, { value, isText }) });
      else if (HAS_EXPONENT.test(source) && role === 'value')
        doubts.push({
          node,
          message: `${source} is the number ${value} in YAML; quote it if text is meant: "${source}"`,
        });
    },
  });
  return doubts;
}

function lossyWords(
  source: string,
  { value, isText }: { readonly value: number; readonly isText: boolean },
): string {
  return isText
    ? `YAML reads ${source} as the number ${value}; it is compared as written here, and everywhere if it is quoted: "${source}"`
    : `YAML reads ${source} as the number ${value}; write ${value} if that is meant`;
}

/** How a condition uses a value at the end of a path: as text, as a value like others, or as a number. */
function roleOf(path: readonly unknown[]): 'text' | 'value' | 'number' {
  const keys = path.flatMap(step => (isPair(step) && isScalar(step.key) ? [String(step.key.value)] : []));
  const key = keys.at(-1) ?? '';
  if (TEXT_TESTS.has(key)) return 'text';
  if (OTHER_TESTS.has(key)) return 'number';
  const isField = /^(?:contact|company)\./.test(key) || keys.slice(0, -1).includes('where');
  return VALUE_TESTS.has(key) || isField ? 'value' : 'number';
}
