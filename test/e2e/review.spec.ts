import { expect, test } from './demo.ts';

test('a monthly review is read, written on, and what was decided stands in the next one and on paper', async ({
  page,
  demo,
}) => {
  await page.goto(demo);
  await page.getByRole('link', { name: 'Reviews', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Reviews', level: 1 })).toBeVisible();
  // The first is the month that runs; the second is over.
  await page.getByRole('table', { name: 'Monthly review' }).getByRole('link').nth(1).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Monthly review: / })).toBeVisible();
  await expect(page.getByText(/^Sales accepted \d+%/)).toBeVisible();
  await expect(page.getByRole('img', { name: 'Sales acceptance rate by period of handoff' })).toBeVisible();

  const decision = `Raise the bar ${Date.now()}`;
  const todo = `Look at the webinar list ${Date.now()}`;
  await page.getByRole('textbox', { name: 'Decision' }).fill(decision);
  await page.keyboard.press('Enter');
  const entries = page.getByRole('list', { name: 'Written down at this review' });
  await expect(entries.getByText(decision)).toBeVisible();
  await page.getByText('To-do', { exact: true }).click();
  await page.getByRole('textbox', { name: 'To-do' }).fill(todo);
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(entries.getByText(todo)).toBeVisible();

  await page.getByRole('link', { name: /→$/ }).click();
  const earlier = page.getByRole('list', { name: 'From earlier reviews' });
  await expect(earlier.getByText(decision)).toBeVisible();
  await expect(page.getByText(/^Not over yet: these are the figures until/)).toBeVisible();
  await earlier.getByRole('checkbox', { name: `Finished: ${todo}` }).click();
  await expect(earlier.getByText(/finished by/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(earlier.getByRole('checkbox', { name: `Finished: ${todo}` })).not.toBeChecked();

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Decision' })).toBeHidden();
  await expect(earlier.getByText(decision)).toBeVisible();
});
