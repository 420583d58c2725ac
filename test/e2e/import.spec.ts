import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import axe from 'axe-core';
import { addPerson, type Baton, becomeAdmin, type Credentials, startBaton } from './server.ts';

let baton: Baton;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  baton = await startBaton();
});
test.afterAll(async () => {
  await baton.stop();
});

const HUBSPOT = `Record ID,First Name,Last Name,Email,Lifecycle Stage,Lead Status,Create Date,Job Title,Number of Employees,Shoe size
901,Wanda,Weir,wanda@weir.example,Lead,New,2026-01-15 10:22,VP Finance,400,38
902,Egon,Elm,none@us.example,Lead,New,2026-01-16 10:22,CEO,20,44
903,Fritz,Furt,none@us.example,Lead,New,2026-01-17 10:22,CFO,30,45
904,Gerd,Gill,gerd@gill.example,Lead,New,soon,CTO,40,46
`;

test('an export of HubSpot is recognised, looked at, imported, its errors saved, and taken back', async ({
  page,
  browser,
}) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  const marketer = await addPerson(page, baton, 'Max Market', 'marketing');
  const signIn = ({ email, password }: Credentials) => ({ data: { email, password } });
  const signedIn = await page.request.post(`${baton.url}/api/sign-in`, signIn(marketer));
  expect(signedIn.ok()).toBe(true);
  await page.goto(`${baton.url}/queue`);
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await expect(page.getByText('Nothing was imported yet')).toBeVisible();

  await test.step('a file that is not one is refused with what was expected', async () => {
    await page.getByLabel('File to import').setInputFiles({
      name: 'leads.xlsx',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK'),
    });
    await expect(page.getByRole('alert')).toContainText('Expected a file named .csv or .jsonl');
  });

  await test.step('the preview says how it is read and what is wrong, and can be changed', async () => {
    await page.getByLabel('File to import').setInputFiles({
      name: 'hubspot.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(HUBSPOT),
    });
    await expect(page.getByText('Looks like an export of HubSpot: mapping hubspot.')).toBeVisible();
    await expect(page.getByText('4 rows: 1 can be used, 3 cannot')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Job Title is read as' })).toHaveValue('contact.title');
    const size = page.getByRole('row').filter({ hasText: 'Shoe size' });
    await expect(size).toContainText('No rule reads this');
    await page.getByRole('combobox', { name: 'Shoe size is read as' }).fill('contact.shoeSize');
    await page.getByRole('button', { name: 'Keep the people with none@us.example apart' }).click();
    await expect(page.getByText('4 rows: 3 can be used, 1 cannot')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Job Title is read as' })).toHaveValue('contact.title');
    await expect(page.getByText('Line 5: createdAt: "soon" is not a time')).toBeVisible();
  });

  await test.step('axe finds nothing on it, wide and on a phone', async () => {
    await page.evaluate(axe.source);
    const rules = { 'target-size': { enabled: true }, 'label-content-name-mismatch': { enabled: true } };
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await page.evaluate<axe.AxeResults>(
        `axe.run(document, ${JSON.stringify({ rules })})`,
      );
      expect(violations.map(({ id, nodes }) => `${width} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });

  await test.step('it is imported, and the refused rows are saved as a file', async () => {
    await page.getByRole('button', { name: 'Import 3 rows' }).click();
    await expect(page.getByText('4 rows: 3 taken, 0 unchanged, 1 refused')).toBeVisible();
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the 1 refused row' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('hubspot.csv.errors.csv');
    expect(await readFile(await saved.path(), 'utf8')).toContain('"5","createdAt: ""soon"" is not a time');
    const row = page
      .getByRole('table', { name: 'Imports' })
      .getByRole('row')
      .filter({ hasText: 'hubspot.csv' });
    await expect(row).toContainText('Max Market');
    await page.getByRole('link', { name: 'See the contacts' }).click();
    await expect(page.getByText('Wanda Weir')).toBeVisible();
    await page.goBack();
  });

  await test.step('it is taken back', async () => {
    await page.getByRole('button', { name: 'Take hubspot.csv back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await expect(page.getByText('Taken back: 3 contacts removed, 0 changed.')).toBeVisible();
    await expect(page.getByRole('table', { name: 'Imports' })).toContainText('Taken back');
  });

  await test.step('a rep does not see the page', async () => {
    const rep = await addPerson(page, baton, 'Rita Rep');
    const other = await browser.newContext();
    const theirs = await other.newPage();
    await theirs.request.post(`${baton.url}/api/sign-in`, signIn(rep));
    await theirs.goto(`${baton.url}/import`);
    await expect(theirs.getByText(/^Only .* see imports$/)).toBeVisible();
    await expect(theirs.getByRole('link', { name: 'Import', exact: true })).toHaveCount(0);
    await other.close();
  });
});
