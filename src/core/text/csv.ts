/**
 * Writes one line of CSV (RFC 4180, every cell quoted).
 *
 * @example csvLine([3, 'no id', '=1+1']) // '"3","no id","\'=1+1"\r\n'
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cell => `"${safeCell(String(cell)).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** What makes a spreadsheet read a cell as a formula (OWASP, CSV injection), the full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * Puts an apostrophe before a cell that a spreadsheet would run as a formula.
 *
 * @example safeCell('@SUM(A1)') // "'@SUM(A1)"
 * @example safeCell('Ann') // 'Ann'
 */
export function safeCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}
