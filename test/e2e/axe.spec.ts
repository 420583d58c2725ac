import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { enter, expect, test } from './demo.ts';

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Every page and every tab of one, as a newcomer of the demo sees them; `FIRST` is the first contact, `LAST` the last month. */
const PLACES = [
  '/queue',
  '/queue?show=all',
  '/queue?show=snoozed',
  '/today',
  '/board',
  '/board?list=cold&days=3',
  '/contacts',
  '/contacts/FIRST',
  '/contacts/nobody',
  '/nurture',
  '/nurture?show=left',
  '/import',
  '/exceptions',
  '/exceptions?show=duplicates',
  '/exceptions?show=rejected',
  '/exceptions?show=closed',
  '/team',
  '/team?show=whatif',
  '/team?show=ledger',
  '/alerts?show=all',
  '/report',
  '/report?view=failing',
  '/report?view=sources',
  '/report?view=conversion',
  '/report?view=speed',
  '/report?view=health',
  '/report?view=leakage',
  '/reviews',
  '/reviews/monthly/LAST',
  '/agreement',
  '/agreement?tab=source',
  '/agreement?tab=versions',
  '/deliveries',
  '/start',
  '/settings/users',
  '/settings/keys',
  '/settings/webhooks',
  '/settings/permissions',
  '/settings/intake',
  '/settings/work',
  '/settings/notifications',
  '/settings/password',
  '/nowhere',
];

/** Every rule, those too that axe leaves out unless asked: targets of 24 pixels, names that hold what is seen. */
const ALL: axe.RunOptions = {
  resultTypes: ['violations'],
  rules: { 'target-size': { enabled: true }, 'label-content-name-mismatch': { enabled: true } },
};
/** What depends on the colours, looked at again in the dark. */
const COLOURS: axe.RunOptions = {
  resultTypes: ['violations'],
  runOnly: ['color-contrast', 'link-in-text-block'],
};

// A trace copies the page at each step, which takes longer than axe.
test.use({ trace: 'off' });

for (const [name, size] of Object.entries(SIZES))
  test(`axe finds nothing on any page, ${name}, light and dark`, async ({ page, demo }) => {
    // Every page twice, on a machine that may have other work.
    test.setTimeout(300_000);
    await page.setViewportSize(size);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await enter(page, demo);
    const { items } = await (await page.request.get(new URL('/api/contacts?limit=1', demo).href)).json();
    const reviews = await (await page.request.get(new URL('/api/reviews', demo).href)).json();
    const last: { readonly key: string } = reviews.items.find(
      (review: { readonly kind: string; readonly state: string }) =>
        review.kind === 'monthly' && review.state === 'over',
    );
    const found: string[] = [];
    for (const place of PLACES) {
      await page.goto(new URL(place.replace('FIRST', items[0].id).replace('LAST', last.key), demo).href);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByLabel('Loading')).toHaveCount(0);
      await page.evaluate(axe.source);
      await paint(page, 'light');
      found.push(...(await faults(page, ALL)).map(fault => `${place}: ${fault}`));
      await paint(page, 'dark');
      found.push(...(await faults(page, COLOURS)).map(fault => `${place} in the dark: ${fault}`));
    }
    expect(found.join('\n')).toBe('');
  });

async function paint(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(async to => {
    document.documentElement.setAttribute('data-mantine-color-scheme', to);
    await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
  }, scheme);
}

/** What axe finds, one line for each rule: how many places, and the first of them. */
async function faults(page: Page, options: axe.RunOptions): Promise<readonly string[]> {
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => {
    const why = nodes[0]?.failureSummary?.replaceAll(/\s+/g, ' ');
    return `${id} at ${nodes.length}: ${nodes[0]?.html.slice(0, 200)} (${why})`;
  });
}
