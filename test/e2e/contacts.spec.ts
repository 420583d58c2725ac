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
      traits: {
        email: 'eve@small.example',
        name: '=Eve',
        source: 'paid_search',
        company: { segment: 'enterprise' },
      },
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

  await page.goto(`${baton.url}/contacts`);
  await page.getByRole('combobox', { name: 'Segment' }).click();
  await page.getByRole('option', { name: 'Enterprise' }).click();
  await expect(page).toHaveURL(/segment=enterprise/);
  await expect(page.getByText('1 contact', { exact: true })).toBeVisible();
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
  await bar.getByRole('button', { name: 'Give leads to' }).click();
  await dialog.getByRole('combobox', { name: 'New owner' }).click();
  await page.getByRole('option', { name: 'Ben Bold' }).click();
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await expect(page.getByText('2 contacts are with Ben Bold now.')).toBeVisible();
  await expect(dialog.getByText('It has no lead to work on. (Ida Late)')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();

  await bar.getByRole('button', { name: 'Correct a field' }).click();
  await dialog.getByRole('textbox', { name: 'Country' }).fill('Norway');
  await dialog.getByRole('button', { name: 'Correct', exact: true }).click();
  await expect(page.getByText('Country of 3 contacts is now Norway.')).toBeVisible();
  await expect(bar).toHaveCount(0);

  await page.getByRole('link', { name: 'Ida Late' }).click();
  const corrected = async (field: string, value: string) => {
    await page.getByRole('button', { name: `Correct ${field.toLowerCase()}` }).click();
    await page.getByRole('textbox', { name: field, exact: true }).fill(value);
    await page.getByRole('button', { name: 'Save' }).click();
  };
  await expect(page.getByText('Country: unknown → Norway')).toBeVisible();
  await corrected('Company', 'Late Ltd');
  await expect(page.getByText('Company is now Late Ltd.')).toBeVisible();
  await corrected('E-mail', 'eve@small.example');
  await expect(page.getByText('Another contact has this e-mail address.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Show =Eve' })).toBeVisible();
  await page.getByRole('button', { name: 'Review both as one person' }).click();
  await expect(page.getByText('both are to have the address eve@small.example').first()).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Correct e-mail' }).click();
  await page.getByRole('textbox', { name: 'E-mail', exact: true }).fill('ida@small.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('E-mail is now ida@small.example.')).toBeVisible();
  await expect(page.getByText('ida@late.example').first()).toBeVisible();
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
