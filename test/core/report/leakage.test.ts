import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type FateCount,
  leakageCsv,
  leakageKeys,
  leakageLabel,
  STEPS,
  shapeLeakage,
} from '../../../src/core/report/leakage.ts';

const names = new Map([
  ['competitor', 'Competitor'],
  ['customer', 'Existing customer'],
]);

const fate = (
  key: string,
  [step, outcome, reason]: readonly [FateCount['step'], FateCount['outcome'], string],
  count: number,
): FateCount => ({ key, step, outcome, reason, count });

const COUNTS: readonly FateCount[] = [
  fate('2026-02', ['handedOff', 'lost', 'closed:competitor'], 4),
  fate('2026-02', ['handedOff', 'lost', 'sent:customer'], 2),
  fate('2026-02', ['owned', 'lost', 'unassigned:team_absent'], 1),
  fate('2026-02', ['touched', 'lost', 'touched_late'], 3),
  fate('2026-02', ['touched', 'lost', 'decided_late_touch'], 5),
  fate('2026-02', ['decided', 'decided', 'done'], 40),
  fate('2026-03', ['owned', 'pending', 'missing_data:missing_data'], 2),
  fate('2026-03', ['owned', 'pending', 'duplicate:possible_duplicate'], 1),
  fate('2026-03', ['owned', 'lost', 'owner_left'], 1),
  fate('2026-03', ['touched', 'pending', 'due'], 6),
  fate('2026-03', ['touched', 'lost', 'untouched'], 2),
  fate('2026-03', ['decided', 'pending', 'due'], 7),
  fate('2026-03', ['decided', 'lost', 'undecided'], 1),
  fate('2026-03', ['decided', 'lost', 'ended'], 1),
  fate('2026-03', ['decided', 'decided', 'done'], 11),
];

test('the funnel of two months is as it was looked at', async () => {
  const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) };
  const report = shapeLeakage(COUNTS, { names, keys: leakageKeys('month', range) });
  await expect(`${JSON.stringify(report, null, 2)}\n`).toMatchFileSnapshot('../golden/leakage.json');
  await expect(leakageCsv(report, 'month')).toMatchFileSnapshot('../golden/leakage.csv');
});

test('reasons are put into words', () => {
  expect(leakageLabel('closed:unknown_thing', names)).toBe('Closed by a disqualifier: unknown thing');
  expect(leakageLabel('sent:customer', names)).toBe('Sent to another team: Existing customer');
  expect(leakageLabel('undecided', names)).toBe('No decision, and overdue');
});

const anyCount = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  step: fc.constantFrom(...STEPS),
  outcome: fc.constantFrom('lost', 'pending', 'decided'),
  reason: fc.constantFrom('due', 'ended', 'closed:competitor'),
  count: fc.integer({ min: 1, max: 1000 }),
});

test('every lead is in exactly one place: qualified is always lost, pending and decided together', () => {
  fc.assert(
    fc.property(fc.array(anyCount), counts => {
      const { rows, total, steps } = shapeLeakage(counts, { names, keys: ['z'] });
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      for (const row of [...rows, total]) {
        expect(row.decided + row.lost + row.pending).toBe(row.qualified);
        expect([row.qualified, row.handedOff, row.owned, row.touched, row.decided]).toEqual(
          [row.qualified, row.handedOff, row.owned, row.touched, row.decided].sort((a, b) => b - a),
        );
      }
      expect(total.qualified).toBe(all);
      expect(rows.reduce((sum, row) => sum + row.qualified, 0)).toBe(all);
      steps.slice(1).forEach((step, index) => {
        const before = steps[index]?.count ?? 0;
        expect(step.count + step.lost + step.pending).toBe(before);
        const told = (reasons: typeof step.reasons) => reasons.reduce((sum, { count }) => sum + count, 0);
        expect([told(step.reasons), told(step.waiting)]).toEqual([step.lost, step.pending]);
      });
    }),
  );
});

test('no cell of the file is a formula, whatever a source is called', () => {
  const report = shapeLeakage([fate('=HYPERLINK("http://x")', ['decided', 'decided', 'done'], 1)], {
    names,
    keys: [],
  });
  expect(leakageCsv(report, 'source')).toContain(`"'=HYPERLINK(""http://x"")"`);
});
