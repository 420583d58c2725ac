import type { Page } from '@playwright/test';
import { enter, expect, test } from './demo.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('on a phone every page fits its width and a lead opens on its own page', async ({ page, demo }) => {
  await enter(page, demo);
  await page.getByRole('tab', { name: /^All/ }).click();
  const first = page.getByRole('list', { name: 'Leads, those due first' }).getByRole('button').first();
  await expect(first).toBeVisible();
  const heights = await page
    .getByRole('list', { name: 'Leads, those due first' })
    .getByRole('listitem')
    .evaluateAll(rows => rows.map(row => row.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeLessThanOrEqual(64);
  const places = [
    '/contacts',
    '/team',
    '/team?show=whatif',
    '/team?show=ledger',
    '/alerts?show=all',
    '/deliveries',
    '/report',
    '/agreement',
    '/agreement?tab=source',
    '/settings/users',
    '/settings/keys',
    '/settings/webhooks',
    '/settings/notifications',
  ];
  for (const place of places) {
    await page.goto(new URL(place, demo).href);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByLabel('Loading')).toHaveCount(0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${place} is wider than the screen`).toBe(0);
    expect(await smallTargets(page), `${place} has targets too small for a finger`).toEqual([]);
  }
  await page.getByRole('link', { name: 'Queue' }).click();
  await page.getByRole('tab', { name: /^All/ }).click();
  await first.click();
  await expect(page).toHaveURL(/\/contacts\//);
  // What is to be done is at hand wherever the page is scrolled to.
  const accept = page.getByRole('button', { name: 'Accept' }).first();
  await expect(accept).toBeInViewport();
  await page.mouse.wheel(0, 1500);
  await expect(accept).toBeInViewport();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(390);
});

/** What can be tapped and is below 24 pixels wide or high; but for links in a sentence or in a row that is a target. */
async function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main :is(a, button)')]
      .filter(target => {
        const { width, height } = target.getBoundingClientRect();
        const isInSentence = [...(target.parentElement?.childNodes ?? [])].some(
          node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
        );
        const row = target.closest('tr');
        const isInTarget = row !== null && getComputedStyle(row).cursor === 'pointer';
        return width > 0 && !isInSentence && !isInTarget && (width < 24 || height < 24);
      })
      .map(target => target.outerHTML.slice(0, 120)),
  );
}
