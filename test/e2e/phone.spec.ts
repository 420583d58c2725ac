import { enter, expect, test } from './demo.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('on a phone every page fits its width and a lead opens on its own page', async ({ page, demo }) => {
  await enter(page, demo);
  await page.getByRole('tab', { name: /^All/ }).click();
  const first = page.getByRole('list', { name: 'Leads, those due first' }).getByRole('button').first();
  await expect(first).toBeVisible();
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
