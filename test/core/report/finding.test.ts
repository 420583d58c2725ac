import { expect, test } from 'vitest';
import { trendFinding } from '../../../src/core/report/finding.ts';
import { rateOf } from '../../../src/core/report/rate.ts';

const TARGETS = { acceptance: [0.65, 0.75], floor: 0.5, minSample: 30 } satisfies Parameters<
  typeof trendFinding
>[0]['targets'];

/** Months from January 2026 on, each with how many of its cases are in the rate. */
function finding(cases: readonly (readonly [number, number])[], versions: readonly string[] = []): string {
  return trendFinding({
    name: 'Acceptance',
    periods: cases.map(([n, of], month) => ({
      from: Date.UTC(2026, month),
      label: `month ${month + 1}`,
      rate: rateOf({ n, of }, 30),
    })),
    marks: versions.map((at, index) => ({ at, text: 'A version', version: index + 2 })),
    targets: TARGETS,
  });
}

test.for([
  ['nothing decided', [[0, 0]], [], 'Acceptance: no cases yet'],
  ['one month', [[70, 100]], [], 'Acceptance is 70%, inside the agreed band, in month 1'],
  ['few cases', [[7, 10]], [], 'Acceptance is 70%, of few cases, in month 1'],
  [
    'a clear fall within one version',
    [
      [70, 100],
      [72, 100],
      [45, 100],
    ],
    [],
    'Acceptance fell from 71% to 45%, below the floor, in month 3',
  ],
  [
    'a clear rise since a version',
    [
      [30, 100],
      [40, 100],
      [70, 100],
      [66, 100],
    ],
    ['2026-02-14T00:00:00Z'],
    'Acceptance rose from 35% to 68%, inside the agreed band, since version 2',
  ],
  [
    'a change that chance may explain',
    [
      [70, 100],
      [0, 0],
      [64, 100],
    ],
    [],
    'Acceptance is 64%, below the agreed band, in month 3: no clear change from 70%',
  ],
  [
    'a version before all cases is of no interest',
    [
      [70, 100],
      [20, 100],
    ],
    ['2025-12-14T00:00:00Z'],
    'Acceptance fell from 70% to 20%, below the floor, in month 2',
  ],
] as const)('%s', ([, cases, versions, words]) => {
  expect(finding(cases, versions)).toBe(words);
});
