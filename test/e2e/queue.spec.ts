import { acceptByKeys } from './answer.ts';
import { enter, expect, test } from './demo.ts';

test.use({ viewport: { width: 1100, height: 800 } });

test('on a narrow window keys act on a lead that is seen, and filters and views stand in the address', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  const all = page.getByRole('tab', { name: /^All/ });
  await all.click();
  const rows = page.getByRole('list', { name: /^Leads/ }).getByRole('listitem');
  // Until the leads of everybody are there, the list still shows one's own.
  await expect(rows).toHaveCount(Number.parseInt((await all.textContent())?.replace('All', '') ?? '', 10));
  const marked = page.locator('li[data-selected="true"]');
  await expect(rows.nth(3)).toBeVisible();

  await test.step('the lead on which a key acts is marked, and none other', async () => {
    await expect(marked).toHaveCount(1);
    const { height = 0 } = (await marked.boundingBox()) ?? {};
    expect(height).toBeGreaterThanOrEqual(44);
    expect(height).toBeLessThanOrEqual(66);
    await page.keyboard.press('j');
    await expect(rows.nth(1)).toHaveAttribute('data-selected', 'true');
    const name = (await marked.getByRole('button').getAttribute('aria-label'))?.split(',')[0] ?? '';
    await acceptByKeys(page, name);
    await expect(page.getByText(`Accepted ${name}`)).toBeVisible();
    // No form stands beside the list here: what was missing was asked for on the lead's own page.
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText(`${name} is open again`)).toBeVisible();
    if (page.url().includes('/contacts/')) await page.goBack();
    await expect(marked.getByRole('button')).toHaveAccessibleName(new RegExp(`^${name}`));
  });

  await test.step('a marked lead that is scrolled away is shown before a key acts on it', async () => {
    await page.keyboard.press('k');
    await page.setViewportSize({ width: 1100, height: 330 });
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(marked).not.toBeInViewport();
    await page.keyboard.press('t');
    await expect(marked).toBeInViewport();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('t');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1100, height: 800 });
  });

  await test.step('the overdue ones are a click away, and a view keeps them', async () => {
    const late = page.getByRole('link', { name: /overdue$/ });
    const overdue = Number.parseInt((await late.textContent()) ?? '', 10);
    await late.click();
    await expect(page).toHaveURL(/overdue=yes/);
    await expect(rows).toHaveCount(overdue);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Keep this view…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Late ones');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Late ones' })).toBeVisible();
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect(page).not.toHaveURL(/overdue=yes/);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Late ones', exact: true }).click();
    await expect(page).toHaveURL(/overdue=yes/);
    await expect(rows).toHaveCount(overdue);
  });

  await test.step('Enter opens the lead, whose fields are corrected in their place', async () => {
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/contacts\//);
    await expect(page.getByRole('region', { name: 'Open handoff' })).toBeInViewport();
    await page.getByRole('button', { name: 'Correct title' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Chief Tester');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Title is now Chief Tester.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Chief Tester', { exact: true })).toHaveCount(0);
    await page.getByText('Sales', { exact: true }).click();
    await expect(
      page
        .getByRole('list', { name: 'Timeline' })
        .getByText(/^Handed over/)
        .first(),
    ).toBeVisible();
  });
});
