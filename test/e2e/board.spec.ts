import type { Page } from '@playwright/test';
import { enter, expect, test } from './demo.ts';

const rowsOf = (page: Page) => page.getByRole('list', { name: /^Leads/ }).getByRole('listitem');

/** Makes the lead with the first phone number one's own, and returns the name. */
async function ownOne(page: Page, demo: string): Promise<string> {
  const get = async (path: string) => (await page.request.get(new URL(path, demo).href)).json();
  const { items } = await get('/api/queue?part=sales&limit=100&snoozed=no');
  const mine =
    items.find((lead: { phone: string | null; snooze: unknown }) => lead.phone !== null) ?? items[0];
  await page.request.post(new URL(`/api/episodes/${mine.id}/take`, demo).href, { data: {} });
  return mine.contact.name;
}

test('a lead is snoozed by keys, is counted, and comes back', async ({ page, demo }) => {
  await enter(page, demo);
  const name = await ownOne(page, demo);
  await page.goto(new URL('/queue?show=mine', demo).href);
  const row = rowsOf(page).filter({ hasText: name });
  await row.getByRole('button').first().click();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: `Snooze ${name}` });
  await dialog.getByLabel('Note (optional)').fill('After lunch');
  await dialog.getByRole('button', { name: /^1 · In 1 hour/ }).click();
  await expect(page.getByText(`${name} comes back`)).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.getByRole('tab', { name: /^Snoozed 1/ }).click();
  await expect(row).toContainText('Snoozed until');
  await expect(row).toContainText('After lunch');
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(page.getByText('Nothing is snoozed')).toBeVisible();
  await page.getByRole('tab', { name: /^Mine/ }).click();
  await expect(row).toHaveCount(1);
});

test('a manager sees who is late and gives several leads to somebody, and takes that back', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  await page.getByRole('link', { name: 'Board' }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();

  await test.step('a figure is what its link opens', async () => {
    const link = page.locator('tr[data-member] a').first();
    const figure = Number.parseInt((await link.textContent())?.replace(/\D/g, '') ?? '', 10);
    await link.click();
    await expect(page).toHaveURL(/\/queue\?show=all&owner=/);
    await expect(rowsOf(page)).toHaveCount(Math.min(figure, 50));
    await page.goBack();
  });

  await test.step('two leads go to one person together, and back', async () => {
    await page.getByRole('tab', { name: /^Late/ }).click();
    const boxes = page.getByRole('checkbox', { name: /^Select / });
    await expect(boxes.nth(1)).toBeVisible();
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    const bar = page.getByRole('region', { name: 'Selected leads' });
    await expect(bar).toContainText('2 leads selected');
    await bar.getByRole('button', { name: 'Reassign …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reassign 2 leads' });
    await dialog.getByRole('combobox', { name: 'New owner' }).click();
    // Somebody who has neither of them.
    const shown = (await page.locator('li[data-episode]').allTextContents()).join();
    const users = await (await page.request.get(new URL('/api/users', demo).href)).json();
    const reps = users.items.filter(({ role }: { role: string }) => role === 'rep');
    const other = reps.find(({ name }: { name: string }) => !shown.includes(name));
    await page.getByRole('option', { name: other.name }).click();
    await dialog.getByRole('button', { name: 'Give' }).click();
    await expect(page.getByText(/leads? now with /)).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText(/went back to where they were/)).toBeVisible();
  });

  await test.step('the days without anything logged stand in the address', async () => {
    if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^Going cold/ }).click();
    await page
      .getByRole('combobox', { name: 'Nothing logged for' })
      .or(page.getByLabel('Nothing logged for'))
      .first()
      .click();
    await page.getByRole('option', { name: 'Quiet for 3 days' }).click();
    await expect(page).toHaveURL(/days=3/);
  });

  await test.step('a figure of what was decided this week opens those leads', async () => {
    const name = await ownOne(page, demo);
    const found = await page.request.get(new URL(`/api/queue?owner=me&q=${name}`, demo).href);
    const { items } = await found.json();
    const rejected = await page.request.post(new URL(`/api/episodes/${items[0].id}/reject`, demo).href, {
      data: { reason: 'not_interested' },
    });
    expect(rejected.ok(), await rejected.text()).toBe(true);
    await page.goto(new URL('/board', demo).href);
    const row = page.locator('tr[data-member]').filter({ hasText: 'Maren Holt' });
    await row.getByRole('link', { name: /rejected this week/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Rejected this week: Maren Holt' });
    await expect(drawer.getByRole('listitem').filter({ hasText: name })).toContainText('Not interested');
    await page.keyboard.press('Escape');
    await expect(drawer).toHaveCount(0);
    await expect(page).toHaveURL(/\/board$/);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a call is logged in two taps, and the day goes on', async ({ page, demo }) => {
    await enter(page, demo);
    const name = await ownOne(page, demo);
    await page.goto(new URL('/today', demo).href);
    const lead = page.locator('li[data-episode]').filter({ hasText: name });
    await lead.getByRole('button').first().tap();
    await expect(lead.getByRole('link', { name: /^Call / })).toHaveAttribute('href', /^tel:/);
    await lead.getByRole('button', { name: 'Log a call' }).tap();
    await lead.getByRole('button', { name: 'No answer' }).tap();
    await expect(page.getByText(`Logged a call with ${name}: no answer.`)).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await page.goto(new URL('/board', demo).href);
    await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
