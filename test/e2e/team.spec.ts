import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { addPerson, type Baton, becomeAdmin, demoRequest, sendCalls, startBaton } from './server.ts';

let baton: Baton;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  baton = await startBaton();
});
test.afterAll(async () => {
  await baton.stop();
});

test('a team is made, somebody is paused, the next lead goes to another, and the record says why', async ({
  page,
  browser,
}) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  for (const name of ['Ann Able', 'Ben Bold']) await addPerson(page, baton, name);
  await page.goto(`${baton.url}/team`);
  const members = page.getByRole('list', { name: 'Members of Enterprise' });
  const ann = members.getByRole('listitem', { name: 'Ann Able' });

  await test.step('a team that the agreement names and nobody made is made from the warning', async () => {
    await expect(page.getByText('The agreement gives leads to the teams')).toBeVisible();
    await page.getByRole('button', { name: 'Make enterprise' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make a team' });
    for (const name of ['Ann Able', 'Ben Bold']) {
      await dialog.getByRole('combobox', { name: 'Add a person' }).click();
      await page.getByRole('option', { name }).click();
    }
    await dialog.getByLabel('Open at once of Ann Able').fill('3');
    await dialog.getByRole('combobox', { name: 'Manager' }).click();
    await page.getByRole('option', { name: 'Mara Admin' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The team Enterprise is saved.')).toBeVisible();
    await expect(members.getByRole('listitem')).toHaveCount(2);
    await expect(page.getByText('Managed by Mara Admin')).toBeVisible();
    await expect(ann).toContainText('0 of 3');
  });

  await test.step('somebody is paused, which can be undone', async () => {
    await page.getByRole('button', { name: 'Pause Ann Able' }).click();
    await expect(page.getByText('Ann Able is paused and gets no new leads.')).toBeVisible();
    await expect(ann).toContainText('Paused');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Ann Able gets leads again.')).toBeVisible();
    await expect(ann).toContainText('At work');
    await page.getByRole('button', { name: 'Pause Ann Able' }).click();
    await expect(ann).toContainText('Paused');
  });

  await test.step('the next leads go to the other, and the record says who was passed over and why', async () => {
    await sendCalls(page, baton, demoRequest('lead-one', 'Nora North'));
    await sendCalls(page, baton, demoRequest('lead-two', 'Otto East'));
    await page.getByRole('tab', { name: 'Who got what' }).click();
    const ledger = page.getByRole('list', { name: 'Ledger of Enterprise' });
    const entry = ledger.getByRole('listitem').filter({ hasText: 'Ben Bold got Nora North' });
    await expect(entry).toContainText('Passed over: Ann Able (paused)');
    await expect(ledger).toContainText('Ben Bold got Otto East');
    await entry.getByRole('link', { name: 'Nora North' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Nora North' })).toBeVisible();
  });

  await test.step('with her back, half of the same leads would be hers, were he off', async () => {
    await page.goto(`${baton.url}/team`);
    await page.getByRole('button', { name: 'Resume Ann Able' }).click();
    await expect(ann).toContainText('At work');
    await page.getByRole('tab', { name: 'What if' }).click();
    await expect(page.getByRole('button', { name: 'Show what would happen' })).toBeDisabled();
    await page.getByRole('combobox', { name: 'Who' }).click();
    await page.getByRole('option', { name: 'Ben Bold' }).click();
    await page.getByRole('combobox', { name: 'What changes' }).click();
    await page.getByRole('option', { name: 'is paused' }).click();
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await expect(page.getByRole('heading', { name: 'The last 2 leads, given out again' })).toBeVisible();
    const shares = page.getByRole('list', { name: 'Leads by person' });
    await expect(
      shares.getByRole('listitem', { name: 'Ann Able: 1 lead as things are, 2 with the changes' }),
    ).toBeVisible();
    await expect(
      shares.getByRole('listitem', { name: 'Ben Bold: 1 lead as things are, 0 with the changes' }),
    ).toBeVisible();
    await page.getByRole('radiogroup', { name: 'About which leads' }).getByText('One lead').click();
    await page.getByRole('combobox', { name: 'Lead', exact: true }).fill('nora@lead-one');
    await page.getByRole('option', { name: /Nora North/ }).click();
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await expect(page.getByText('With the changes', { exact: true })).toBeVisible();
    await expect(page.getByText('Passed over: Ben Bold (paused)')).toBeVisible();
  });

  await test.step('a day off and working hours are put in', async () => {
    await page.getByRole('tab', { name: 'Members' }).click();
    await addDayOff(page, 'Ben Bold');
    const off = members.getByRole('listitem', { name: 'Ben Bold' }).getByText(/^Off .*: Dentist$/);
    await expect(off).toBeVisible();
    await page.getByRole('button', { name: /^Take back the time off of Ben Bold/ }).click();
    await expect(off).toHaveCount(0);
    await page.getByRole('button', { name: 'More about Ben Bold' }).click();
    await page.getByRole('menuitem', { name: 'Working hours' }).click();
    const dialog = page.getByRole('dialog', { name: 'Working hours of Ben Bold' });
    await dialog.getByRole('switch', { name: 'Always at work' }).click();
    await dialog.getByRole('spinbutton', { name: 'Monday to, hours' }).fill('08');
    await expect(dialog.getByText('Ends before it starts')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await dialog.getByRole('spinbutton', { name: 'Monday to, hours' }).fill('16');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The working hours of Ben Bold are saved.')).toBeVisible();
  });

  await test.step('a rep sees the teams and changes nobody else', async () => {
    const rep = await addPerson(page, baton, 'Cleo Calm');
    const context = await browser.newContext();
    const own = await context.newPage();
    await own.goto(`${baton.url}/team`);
    await own.getByLabel('E-mail').fill(rep.email);
    await own.getByRole('textbox', { name: 'Password' }).fill(rep.password);
    await own.getByRole('button', { name: 'Sign in' }).click();
    await expect(own.getByRole('list', { name: 'Members of Enterprise' })).toBeVisible();
    await expect(own.getByRole('button', { name: /^(Pause|Change|Make|More about)/ })).toHaveCount(0);
    await expect(own.getByRole('tab', { name: 'What if' })).toHaveCount(0);
    await context.close();
  });
});

/** Puts in the last day that the calendar shows, with a note. */
async function addDayOff(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Add time off' }).click();
  const dialog = page.getByRole('dialog', { name: `Time off for ${name}` });
  await expect(dialog.getByRole('button', { name: 'Add time off' })).toBeDisabled();
  await dialog.getByLabel('First and last day off').click();
  const day = page.getByRole('table').getByRole('button').last();
  await day.click();
  await day.click();
  await dialog.getByLabel('Note (optional)').fill('Dentist');
  await dialog.getByRole('button', { name: 'Add time off' }).click();
  await expect(dialog).toHaveCount(0);
}
