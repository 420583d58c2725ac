import { enter, expect, test } from './demo.ts';

const RUN = Date.now().toString(36);

test('a rep logs a call, fills in BANT by keyboard, accepts, opens an opportunity and wins it', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  const name = `Dora Deal ${RUN}`;
  const keys = await page.request.post(new URL('/api/keys', demo).href, {
    data: { name: `Deal ${RUN}`, kind: 'server' },
  });
  const { secret } = await keys.json();
  const traits = { name, title: 'VP Finance', email: `dora@deal-${RUN}.example` };
  const company = { name: `Deal ${RUN} Ltd`, employees: 300, industry: 'fintech' };
  const sent = await page.request.post(new URL('/v1/batch', demo).href, {
    headers: { authorization: `Basic ${btoa(`${secret}:`)}` },
    data: {
      batch: [
        { type: 'identify', userId: `deal-${RUN}`, traits: { ...traits, company } },
        { type: 'track', userId: `deal-${RUN}`, event: 'Demo Requested', properties: {} },
      ],
    },
  });
  expect(sent.ok()).toBe(true);
  const found = await page.request.get(new URL(`/api/contacts?q=deal-${RUN}`, demo).href);
  const { items } = await found.json();
  await page.goto(new URL(`/contacts/${items[0].id}`, demo).href);
  const form = page.locator('section').filter({ hasText: 'What sales found out' }).last();

  await test.step('logs the call', async () => {
    await page.getByRole('button', { name: 'Log touch' }).first().click();
    await page.keyboard.type('Talked for ten minutes');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(`Logged a call with ${name}`)).toBeVisible();
  });

  await test.step('is led to what is missing, and answers by keyboard alone', async () => {
    await page.getByRole('button', { name: 'Authority and Need still to be found out' }).click();
    const authority = form.getByRole('textbox', { name: 'Authority', exact: true });
    await expect(authority).toBeFocused();
    await page.keyboard.type('CFO signs, she prepares');
    await page.keyboard.press('Tab');
    await expect(form.locator('[data-question="authority"]')).toContainText(/Maren Holt, just now$/);
    await expect(page.getByRole('button', { name: 'Need still to be found out' })).toBeVisible();
    await form.getByRole('textbox', { name: 'Budget', exact: true }).focus();
    await page.keyboard.press('?');
    await expect(form.locator('[data-question="budget"]').getByRole('checkbox')).toBeChecked();
    await form.getByRole('textbox', { name: 'Need', exact: true }).focus();
    await page.keyboard.type('Two weeks of spreadsheets');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(`Accepted ${name}`)).toBeVisible();
  });

  await test.step('opens an opportunity, moves it and wins it', async () => {
    await page.getByRole('button', { name: 'Open an opportunity' }).click();
    await page.getByRole('textbox', { name: 'Amount (optional)' }).fill('12000');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('€12,000 · 20% likely')).toBeVisible();
    await page.getByText('Negotiation', { exact: true }).click();
    await expect(page.getByText('€12,000 · 75% likely')).toBeVisible();
    await page.getByRole('button', { name: 'Won', exact: true }).click();
    await page.getByRole('textbox', { name: 'What decided it? (optional)' }).fill('The trial');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(/^Won .*: The trial/)).toBeVisible();
    await expect(page.getByText('Customer', { exact: true }).first()).toBeVisible();
  });

  await test.step('and finds what was found out again after a reload', async () => {
    await page.reload();
    await expect(form).toContainText('Authority: CFO signs, she prepares');
    await expect(form).toContainText('Budget: Unknown');
  });
});
