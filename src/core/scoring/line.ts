/** One line of a breakdown: what a rule gave, or (rule null) what a cap took or a floor added. Times in epoch ms. */
export interface Line {
  readonly rule: string | null;
  readonly label: string;
  readonly score: string;
  readonly group: string | null;
  readonly points: number;
  readonly count: number | null;
  readonly lastAt: number | null;
}
