import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A cold embedded database takes seconds, the generated year of leads a little more. */
const START_MS = 90_000;

/** Tests against a demo of Baton: `demo` is the address it prints, which signs a newcomer in. */
export const test = base.extend<{ readonly noErrors: undefined }, { readonly demo: string }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern even when nothing is taken from it
    async ({}, use) => {
      const running = process.env.BATON_DEMO_URL;
      if (running !== undefined) return use(running);
      const server = spawn(
        process.execPath,
        ['bin/baton.js', 'demo', '--port', '0', '--seed', '7', '--contacts', '150'],
        { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      try {
        await use(await readAddress(server));
      } finally {
        server.kill('SIGTERM');
        await new Promise(resolve =>
          server.exitCode === null ? server.once('exit', resolve) : resolve(null),
        );
      }
    },
    { scope: 'worker', timeout: START_MS },
  ],
  noErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', error => errors.push(error.message));
      page.on('console', message => {
        const isRefusal = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isRefusal) errors.push(message.text());
      });
      await use(undefined);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

async function readAddress(server: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /ready at (http:\/\/\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', code =>
      reject(new Error(`baton demo ended with ${code} before it was ready:\n${said}`)),
    );
  });
}

/** Opens the printed address and waits until the demo's history is there, so that lists stand still. */
export async function enter(page: Page, demo: string): Promise<void> {
  await page.goto(demo);
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await expect(page.getByText('Demo data: generated, not real people')).toBeVisible();
  await expect(page.getByText('Loading its history')).toHaveCount(0, { timeout: START_MS });
}

export { expect };
