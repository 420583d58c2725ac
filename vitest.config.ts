import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Suites that look at their own process: its memory, its handles, its modules. */
const ALONE = ['test/chaos/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/bench/**/*.test.ts'];

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // One worker a core: left to itself, Vitest keeps one core for its own work, which is half of a small machine.
    maxWorkers: availableParallelism(),
    reporters:
      process.env.CI === undefined
        ? ['default']
        : ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      { test: { ...limits, name: 'alone', include: ALONE } },
      // The others share what they load: a file starts at once instead of after seconds.
      {
        test: {
          ...limits,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...ALONE],
          isolate: false,
        },
      },
    ],
  },
});
