import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { addPerson, type Baton, becomeAdmin, callApi, demoRequest, sendCalls, startBaton } from './server.ts';

let baton: Baton;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  baton = await startBaton();
});
test.afterAll(() => baton.stop());

/** What a click saves, as text. */
async function saved(page: Page, click: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return readFileSync(await download.path(), 'utf8');
}

test('contacts are added, narrowed, kept as a view, exported and given away together; no width scrolls sideways', async ({
  page,
}) => {
  await becomeAdmin(page, baton, 'Mara Holt');
  const [ann, ben] = [await addPerson(page, baton, 'Ann Able'), await addPerson(page, baton, 'Ben Bold')];
  for (const name of ['enterprise', 'commercial', 'inbound_queue'])
    await callApi(page, baton, {
      method: 'PUT',
      path: `/api/teams/${name}`,
      data: { label: name, members: [{ userId: ann.id }] },
    });
  await sendCalls(page, baton, [
    ...demoRequest('one', 'Nora North'),
    ...demoRequest('two', 'Sam South'),
    {
      type: 'identify',
      userId: 'three',
      traits: { email: 'eve@small.example', name: '=Eve', source: 'paid_search' },
    },
  ]);
  await page.goto(`${baton.url}/contacts`);
  await expect(page.getByText('3 contacts')).toBeVisible();

  await page.getByRole('button', { name: 'Add a contact' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill('EVE@small.example');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('There is a contact with this e-mail address already')).toBeVisible();
  await dialog.getByLabel('E-mail').fill('ida@late.example');
  await dialog.getByLabel('Name').fill('Ida Late');
  await dialog.getByLabel('Source').fill('paid_search');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Ida Late' })).toBeVisible();
  await expect(page.getByText('Added by hand')).toBeVisible();

  await page.goto(`${baton.url}/contacts?sort=name`);
  await page.getByRole('combobox', { name: 'Source' }).click();
  await page.getByRole('option', { name: 'Paid search' }).click();
  await expect(page).toHaveURL(/source=paid_search/);
  await expect(page.getByText('2 contacts')).toBeVisible();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Keep this view' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('From ads');
  await dialog.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('button', { name: 'From ads' })).toBeVisible();
  const file = await saved(page, () => page.getByRole('link', { name: 'Export' }).click());
  expect(file).toContain('"\'=Eve"');
  expect(file).toContain('"Ida Late","ida@late.example"');
  expect(file).not.toContain('Nora North');

  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(page.getByText('4 contacts')).toBeVisible();
  await page.getByLabel('Select Nora North').check();
  await page.getByLabel('Select Sam South').check();
  await page.getByLabel('Select Ida Late').check();
  const bar = page.getByRole('region', { name: 'Selected contacts' });
  await expect(bar.getByText('3 contacts selected')).toBeVisible();
  expect(
    (await saved(page, () => bar.getByRole('button', { name: 'Export' }).click())).split('\r\n'),
  ).toHaveLength(5);
  await bar.getByRole('button', { name: 'Give 2 open leads' }).click();
  await dialog.getByRole('combobox', { name: 'New owner' }).click();
  await page.getByRole('option', { name: 'Ben Bold' }).click();
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await expect(page.getByText('2 leads are with Ben Bold now.')).toBeVisible();
  await expect(bar).toHaveCount(0);
  await page.goto(`${baton.url}/contacts?owner=${ben.id}`);
  await expect(page.getByText('2 contacts')).toBeVisible();

  for (const width of [390, 768, 1024, 1100, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect([width, beyond]).toEqual([width, 0]);
    const row = await page.getByRole('row').nth(1).boundingBox();
    expect(row?.height).toBeLessThanOrEqual(64);
  }
});
