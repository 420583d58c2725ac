import { expect, type Page, test } from '@playwright/test';
import { addPerson, type Baton, startBaton } from './server.ts';

let baton: Baton;
test.beforeAll(async () => {
  baton = await startBaton({ BATON_HOST: '0.0.0.0' });
});
test.afterAll(() => baton.stop());

const box = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

test('the first admin comes by the printed link, and gives somebody a new password', async ({
  page,
  browser,
}) => {
  await page.goto(baton.url);
  await box(page, 'Set-up token').fill('not the one');
  await box(page, 'Your name').fill('Ada Lovelace');
  await box(page, 'E-mail').fill('ada@northwind.example');
  await box(page, 'Password').fill('Lovelace1815');
  await expect(page.getByText('This is made of your name or your e-mail address')).toBeVisible();
  await box(page, 'Password').fill('a comet in winter');
  await expect(page.getByText('This password will do')).toBeVisible();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('alert')).toContainText('This set-up token is wrong');

  await expect.poll(baton.printed).toMatch(/first one at (\S+)/);
  await page.goto('about:blank');
  await page.goto(/first one at (\S+)/.exec(baton.printed())?.[1] ?? '');
  await expect(box(page, 'Set-up token')).toHaveCount(0);
  await box(page, 'Your name').fill('Ada Lovelace');
  await box(page, 'E-mail').fill('ada@northwind.example');
  await box(page, 'Password').fill('a comet in winter');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { name: 'First steps', level: 1 })).toBeVisible();
  expect(page.url()).toBe(`${baton.url}/start`);

  const { email } = await addPerson(page, baton, 'Bob Ray');
  await page.goto(`${baton.url}/settings/users`);
  await page.getByRole('button', { name: 'New password for Bob Ray' }).click();
  await page.getByRole('button', { name: 'Make a new password' }).click();
  await expect(page.getByText('Bob Ray has a new password')).toBeVisible();
  const password = await page.getByTestId('secret').innerText();
  await page.getByRole('button', { name: 'Done' }).click();

  const other = await (await browser.newContext()).newPage();
  const signIn = async (given: string) => {
    await box(other, 'Password').fill(given);
    await other.getByRole('button', { name: 'Sign in' }).click();
  };
  await other.goto(baton.url);
  await box(other, 'E-mail').fill(email);
  const wrong = { email, password: 'not the one' };
  for (let n = 0; n < 10; n++) await other.request.post(`${baton.url}/api/sign-in`, { data: wrong });
  await signIn(password);
  await expect(other.getByRole('alert')).toContainText('Too many attempts for this account have failed.');
  await page.getByRole('button', { name: 'New password for Bob Ray' }).click();
  await page.getByRole('button', { name: 'Make a new password' }).click();
  const handed = await page.getByTestId('secret').innerText();
  await signIn(handed);
  // It is not theirs alone, so they are asked for another one.
  await expect(other.getByRole('heading', { name: 'Choose your own password' })).toBeVisible();
  await box(other, 'The password you were given').fill(handed);
  await box(other, 'New password').fill('rafoki betuza');
  await other.getByRole('button', { name: 'Save and begin' }).click();
  await expect(other.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
});
