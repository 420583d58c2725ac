import { expect, raiseHand, test } from './followup.ts';

test('a hand-raiser is answered at once, called, qualified by keyboard, accepted, and won', async ({
  page,
  office,
}) => {
  const { name, id, email } = await raiseHand(page, office, 'Dora Deal');
  await page.goto(`${office.baton.url}/contacts/${id}`);
  const form = page.locator('section').filter({ hasText: 'What sales found out' }).last();

  await test.step('gets a mail within seconds, in the name of its owner', async () => {
    await expect.poll(() => office.mailsTo(email).length, { timeout: 10_000 }).toBe(1);
    const [mail] = office.mailsTo(email);
    expect(mail?.headers.get('subject')).toBe('Thank you, Dora');
    expect(mail?.headers.get('from')).toBe('Rosa Reed via Northwind <hello@northwind.example>');
    expect(mail?.headers.get('reply-to')).toBe('Rosa Reed <rosa.reed@northwind.example>');
    expect(mail?.headers.get('list-unsubscribe')).toMatch(
      new RegExp(`^<${office.baton.url}/unsubscribe/[^>]+>$`),
    );
    expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    for (const type of ['text/plain', 'text/html'])
      expect(mail?.parts.get(type)).toContain('My name is Rosa Reed, and I will call you shortly.');
    const letters = page.locator('section').filter({ hasText: 'Mail to this lead' }).last();
    await expect(letters).toContainText('Thank you, Dora');
    await expect(letters).toContainText(`Sent in the name of Rosa Reed to ${email}`);
  });

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
    await expect(form.locator('[data-question="authority"]')).toContainText(/Rosa Reed, just now$/);
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
