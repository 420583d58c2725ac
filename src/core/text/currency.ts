import { quote } from '../problem.ts';

/** The largest amount that is kept: above it, a double no longer holds every cent. */
const MAX_AMOUNT = 10_000_000_000_000;

/** An amount with the code of its currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

let known: ReadonlySet<string> | null = null;

/**
 * Whether a code names a currency by ISO 4217.
 *
 * @example isCurrency('EUR') // true
 * @example isCurrency('EURO') // false
 */
export function isCurrency(code: string): boolean {
  known ??= new Set(Intl.supportedValuesOf('currency'));
  return known.has(code);
}

/** How many decimals amounts of a currency have. @example decimalsOf('JPY') // 0 */
export function decimalsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/**
 * What is wrong with a code as somebody gives it; null when it names a currency. Small letters do as well.
 *
 * @example currencyFault('eur') // null
 */
export function currencyFault(code: string): string | null {
  if (isCurrency(code.trim().toUpperCase())) return null;
  return `expected the code of a currency by ISO 4217, such as EUR or USD, got ${quote(code)}`;
}

/**
 * What is wrong with an amount; null when nothing is. Without a currency that is known, any decimals do.
 *
 * @example amountFault(-1, 'EUR') // 'expected an amount of 0 or more'
 * @example amountFault(9.5, 'JPY') // 'expected a whole amount: JPY has no decimals'
 */
export function amountFault(amount: number, currency: string | null): string | null {
  if (!Number.isFinite(amount) || amount < 0) return 'expected an amount of 0 or more';
  if (amount > MAX_AMOUNT) return 'expected an amount of at most 10,000,000,000,000';
  const code = currency?.trim().toUpperCase() ?? '';
  if (!isCurrency(code)) return null;
  const decimals = decimalsOf(code);
  if (Number(amount.toFixed(decimals)) === amount) return null;
  return decimals === 0
    ? `expected a whole amount: ${code} has no decimals`
    : `expected at most ${decimals} decimals: more than ${code} has`;
}

/**
 * Money as people read it; decimals are shown where there are any.
 *
 * @example moneyWords({ amount: 12000, currency: 'GBP' }) // '£12,000'
 */
export function moneyWords({ amount, currency }: Money): string {
  if (!isCurrency(currency)) return `${new Intl.NumberFormat('en').format(amount)} ${currency}`.trim();
  const isWhole = Number.isInteger(amount);
  const digits = isWhole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat('en', { style: 'currency', currency, ...digits }).format(amount);
}
