import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { KEYS, startBaton } from './server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT = join(ROOT, 'node_modules/@segment/analytics-next/dist/umd');

/** Serves the client as its package ships it, and a page of a website that uses it. */
async function startWebsite(baton: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const files = readdirSync(CLIENT).filter(name => name.endsWith('.js'));
  const server = createServer((request, response) => {
    const name = files.find(file => request.url === `/${file}`);
    if (name !== undefined) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(CLIENT, name)));
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>Pricing</title><script src="/index.js"></script>
       <script>window.client = AnalyticsNext.AnalyticsBrowser.load({ writeKey: '${KEYS.public}', cdnURL: '${baton}' })</script>`,
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/pricing`, stop: () => server.close() };
}

test("Segment's browser client works with Baton as its host, and the contact has the right score", async ({
  page,
  request,
}) => {
  const baton = await startBaton();
  const website = await startWebsite(baton.url);
  try {
    await page.goto(website.url);
    await page.evaluate(`(async () => {
      await client.page('Pricing');
      await client.identify('browser-user-1', { email: 'ann@tidewright.example', firstName: 'Ann', lastName: 'Lee', title: 'VP Finance' });
      await client.group('tidewright', { name: 'Tidewright Ltd', industry: 'fintech', employees: 300 });
      await client.track('Demo Requested', { plan: 'team' });
      await client.alias('browser-user-1b');
    })()`);
    const headers = { authorization: `Bearer ${KEYS.admin}` };
    const find = async () =>
      (await request.get(`${baton.url}/api/contacts?q=ann%40tidewright`, { headers })).json();
    await expect.poll(async () => (await find()).items[0]?.stage).toBe('mql');
    const [item] = (await find()).items;
    expect(item).toMatchObject({ name: 'Ann Lee', title: 'VP Finance', company: 'Tidewright Ltd' });
    const contact = await (await request.get(`${baton.url}/api/contacts/${item.id}`, { headers })).json();
    const kinds = contact.identities.map(({ kind }: { kind: string }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['anonymous', 'user', 'email']));
    const lines: readonly { rule: string | null; points: number }[] = contact.score.lines;
    expect(lines.find(({ rule }) => rule === 'demo_request')).toMatchObject({ points: 40 });
    expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(contact.score.total);
    const timeline = await (
      await request.get(`${baton.url}/api/contacts/${item.id}/timeline`, { headers })
    ).json();
    const titles: readonly string[] = timeline.items.map(({ title }: { title: string }) => title);
    expect(titles.filter(title => title.includes('Demo Requested'))).toHaveLength(1);
  } finally {
    website.stop();
    await baton.stop();
  }
});
