/** One measured ratio; `ratio` at or above `reach` is good. */
export interface Ratio {
  readonly kind: 'ratio';
  readonly name: string;
  readonly ratio: number;
  readonly reach: number;
  /** What is divided by what. */
  readonly unit: string;
  /** The figures behind it. */
  readonly detail: string;
}

/** A ratio that could not be measured here, and why. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly name: string;
  readonly reason: string;
}

export type Outcome = Ratio | Skipped;

/** One line of JSON for a ratio; a skipped one has none. */
export function printJson({ name, ratio, reach, unit, detail }: Ratio): string {
  return JSON.stringify({ name, ratio: rounded(ratio), reach, unit, detail });
}

/** The table of all outcomes, with the figures below it. */
export function printTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(outcome =>
    outcome.kind === 'ratio'
      ? [outcome.name, String(rounded(outcome.ratio)), String(outcome.reach), met(outcome), outcome.unit]
      : [outcome.name, '–', '–', 'skipped', outcome.reason],
  );
  const head = ['name', 'ratio', 'reach', '', 'what'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map(cells => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const details = outcomes.flatMap(outcome =>
    outcome.kind === 'ratio' ? [`${outcome.name}: ${outcome.detail}`] : [],
  );
  return [line(head), ...rows.map(line), '', ...details].join('\n');
}

function met({ ratio, reach }: Ratio): string {
  return ratio >= reach ? 'reached' : 'short';
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
