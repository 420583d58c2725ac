import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type FateCount,
  LEAKAGE_REASONS,
  leakageCsv,
  leakageKeys,
  leakageLabel,
  leakageReasonId,
  leakageReasonOf,
  STEPS,
  type Stop,
  shapeLeakage,
} from '../../../src/core/report/leakage.ts';

const names = new Map([
  ['competitor', 'Competitor'],
  ['customer', 'Existing customer'],
]);

const stop = (
  key: string,
  [step, outcome, reason, about = null]: readonly [
    Stop['step'],
    Stop['outcome'],
    Stop['reason'],
    about?: string | null,
  ],
  count: number,
): FateCount => ({ key, step, outcome, reason, about, count });
const decided = (key: string, count: number): FateCount => ({ key, outcome: 'decided', count });

const COUNTS: readonly FateCount[] = [
  stop('2026-02', ['handedOff', 'lost', 'closed', 'competitor'], 4),
  stop('2026-02', ['handedOff', 'lost', 'sent', 'customer'], 2),
  stop('2026-02', ['owned', 'lost', 'unassigned', 'team_absent'], 1),
  stop('2026-02', ['touched', 'lost', 'touched_late'], 3),
  stop('2026-02', ['touched', 'lost', 'decided_late_touch'], 5),
  decided('2026-02', 40),
  stop('2026-03', ['owned', 'pending', 'missing_data', 'missing_data'], 2),
  stop('2026-03', ['owned', 'pending', 'duplicate', 'possible_duplicate'], 1),
  stop('2026-03', ['owned', 'lost', 'owner_left'], 1),
  stop('2026-03', ['touched', 'pending', 'due'], 6),
  stop('2026-03', ['touched', 'lost', 'untouched'], 2),
  stop('2026-03', ['decided', 'pending', 'due'], 7),
  stop('2026-03', ['decided', 'lost', 'undecided'], 1),
  stop('2026-03', ['decided', 'lost', 'ended'], 1),
  decided('2026-03', 11),
];

test('the funnel of two months is as it was looked at', async () => {
  const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) };
  const report = shapeLeakage(COUNTS, { names, keys: leakageKeys('month', range) });
  await expect(`${JSON.stringify(report, null, 2)}\n`).toMatchFileSnapshot('../golden/leakage.json');
  await expect(leakageCsv(report, 'month')).toMatchFileSnapshot('../golden/leakage.csv');
});

test('reasons are put into words', () => {
  const label = (reason: Stop['reason'], about: string | null) => leakageLabel({ reason, about }, names);
  expect(label('closed', 'unknown_thing')).toBe('Closed by a disqualifier: unknown thing');
  expect(label('sent', 'customer')).toBe('Sent to another team: Existing customer');
  expect(label('undecided', null)).toBe('No decision, and overdue');
});

test('the id of a reason says the reason again, whatever it is about', () => {
  const about = fc.option(fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...LEAKAGE_REASONS), about, (reason, of) => {
      expect(leakageReasonOf(leakageReasonId({ reason, about: of }))).toBe(reason);
    }),
  );
  for (const id of ['', 'closedx', 'no reason', ':closed']) expect(leakageReasonOf(id)).toBeNull();
});

const anyCount = fc
  .record({
    key: fc.constantFrom('a', 'b', 'c'),
    step: fc.constantFrom(...STEPS),
    outcome: fc.constantFrom('lost', 'pending', 'decided'),
    reason: fc.constantFrom('due', 'ended', 'closed'),
    about: fc.constantFrom('competitor', null),
    count: fc.integer({ min: 1, max: 1000 }),
  })
  .map(
    ({ outcome, ...given }): FateCount =>
      outcome === 'decided' ? decided(given.key, given.count) : { ...given, outcome },
  );

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
  const report = shapeLeakage([decided('=HYPERLINK("http://x")', 1)], {
    names,
    keys: [],
  });
  expect(leakageCsv(report, 'source')).toContain(`"'=HYPERLINK(""http://x"")"`);
});
