import { expect, type Page, test } from '@playwright/test';
import {
  addPerson,
  type Baton,
  becomeAdmin,
  type Credentials,
  callApi,
  demoRequest,
  sendCalls,
  startBaton,
} from './server.ts';

let baton: Baton;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  baton = await startBaton();
});
test.afterAll(async () => {
  await baton.stop();
});

const signIn = async (page: Page, who: Credentials) => {
  await page.request.post(`${baton.url}/api/sign-out`);
  const answer = await page.request.post(`${baton.url}/api/sign-in`, {
    data: { email: who.email, password: who.password },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
};

test('people are offered what they may do, and read who can do the rest', async ({ page }) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  const [ann, ben, max, mark] = [
    await addPerson(page, baton, 'Ann Able'),
    await addPerson(page, baton, 'Ben Bold'),
    await addPerson(page, baton, 'Max Other', 'manager'),
    await addPerson(page, baton, 'Mark Ets', 'marketing'),
  ];
  const mia = await addPerson(page, baton, 'Mia Lead', 'manager');
  const path = '/api/teams/enterprise';
  const members = [{ userId: ann.id }];
  await callApi(page, baton, {
    method: 'PUT',
    path,
    data: { label: 'Enterprise', managerId: mia.id, members },
  });
  await sendCalls(page, baton, demoRequest('lead-one', 'Nora North'));
  await page.request.post(`${baton.url}/v1/track`, {
    headers: { authorization: `Basic ${btoa('server-key-of-the-browser-test:')}` },
    data: { event: 'Nobody did it' },
  });
  const detail = page.getByRole('region', { name: 'Selected lead' });

  await test.step('the owner has every button', async () => {
    await signIn(page, ann);
    await page.goto(`${baton.url}/queue`);
    await expect(detail.getByRole('button', { name: 'Accept' })).toBeVisible();
    await expect(detail.getByRole('button', { name: 'Hand back' })).toBeVisible();
  });

  await test.step('a colleague and another manager have none, by hand or by key, and read who can', async () => {
    for (const who of [ben, max]) {
      await signIn(page, who);
      await page.goto(`${baton.url}/queue?show=all`);
      await expect(
        detail.getByText('This lead belongs to Ann Able. Mia Lead or an admin can reassign it.'),
      ).toBeVisible();
      await expect(detail.getByRole('button', { name: 'Accept' })).toHaveCount(0);
      for (const key of ['a', 'm', 'r', 't']) await page.keyboard.press(key);
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(page.getByRole('listitem').filter({ hasText: 'Nora North' })).toContainText('Ann Able');
    }
    await page.goto(`${baton.url}/team`);
    await expect(page.getByText('Managed by Mia Lead')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Change the team Enterprise' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Pause Ann Able' })).toHaveCount(0);
  });

  await test.step('marketing takes rejected calls in again once an admin allows it', async () => {
    await signIn(page, mark);
    await page.goto(`${baton.url}/exceptions?show=rejected`);
    await expect(page.getByRole('button', { name: 'Show call' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Replay' })).toHaveCount(0);
    await page.goto(`${baton.url}/settings/permissions`);
    await expect(page.getByText('Only admins see permissions')).toBeVisible();
    await page.request.post(`${baton.url}/api/sign-out`);
    await becomeAdmin(page, baton, 'Mara Admin');
    await page.goto(`${baton.url}/settings/permissions`);
    await page.getByRole('switch', { name: 'Take rejected calls in again' }).click();
    await expect(page.getByText('Marketing may do this now.')).toBeVisible();
    await page.getByRole('tab', { name: 'Incoming calls' }).click();
    await page.getByRole('textbox', { name: 'Years back' }).fill('3');
    await page.getByRole('combobox', { name: 'More free mailboxes' }).fill('jan@ziggo.example');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add an event' }).click();
    await page.getByRole('textbox', { name: 'Name of event 1' }).fill('Nudge Tapped');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('This holds from now on.')).toBeVisible();
    await signIn(page, mark);
    await page.goto(`${baton.url}/settings/intake`);
    await expect(page.getByRole('textbox', { name: 'Years back' })).toHaveValue('3');
    await expect(page.getByText('ziggo.example', { exact: true })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Name of event 1' })).toBeDisabled();
    await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
    await page.goto(`${baton.url}/exceptions?show=rejected`);
    await expect(page.getByRole('button', { name: 'Replay' })).toBeVisible();
  });
});
