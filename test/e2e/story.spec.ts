import type { Locator, Page } from '@playwright/test';
import { acceptByKeys } from './answer.ts';
import { enter, expect, test } from './demo.ts';

test('a newcomer works the queue and finds the work again in the report', async ({ page, demo, request }) => {
  await enter(page, demo);
  await page.getByRole('tab', { name: /^All/ }).click();
  const leads = page.getByRole('list', { name: 'Leads, those due first' }).getByRole('listitem');
  const detail = page.getByRole('region', { name: 'Selected lead' });
  await expect(leads.nth(2)).toBeVisible();

  await test.step('finds what newcomers ask answered on the first screen', async () => {
    const guide = page.getByRole('region', { name: 'How this works' });
    // What to do first, what a rejection does, how to undo; who sees it; where leads come from, by whose rules.
    for (const words of [
      'Begin with the top lead',
      'the reason says',
      'takes back',
      'Everybody sees every lead',
    ])
      await expect(guide.getByText(words)).toBeInViewport();
    await expect(guide.getByRole('link', { name: 'agreement' })).toBeInViewport();
    await expect(guide.getByRole('link', { name: 'Connect your own website' })).toBeInViewport();
    await expect(page.getByText('Demo data: generated, not real people')).toBeInViewport();
    await expect(detail.getByRole('heading', { name: 'Why this lead is here' })).toBeInViewport();
    await expect(detail.getByTestId('sentence')).toBeInViewport();
    await expect(leads.first().getByText(/^(First touch|Decision) /)).toBeInViewport();
    await guide.getByRole('button', { name: 'Close: how this works' }).click();
    await expect(guide).toHaveCount(0);
  });

  await test.step('understands why the top lead is there', async () => {
    await expect(detail.getByTestId('sentence')).not.toBeEmpty();
    await expect(detail.locator('tr[data-rule]').first()).toBeVisible();
    const { subtotals, lines, total } = await readLines(
      detail.getByRole('table', { name: 'Lines of the score' }),
    );
    expect(lines.length).toBeGreaterThan(0);
    expect(sum(lines)).toBe(total);
    expect(sum(subtotals)).toBe(total);
  });

  const accepted = await selectedName(detail);
  await expect.poll(() => leadOf(page)).not.toBeNull();
  const acceptedId = leadOf(page);
  const address = (await detail.getByRole('link', { name: '@' }).textContent()) ?? '';
  await test.step('accepts it with the keyboard', async () => {
    await acceptByKeys(page, accepted);
    await expect(page.getByText(`Accepted ${accepted}`)).toBeVisible();
    await expect(detail.getByRole('heading', { level: 2, name: accepted, exact: true })).toHaveCount(0);
  });

  const rejected = await selectedName(detail);
  await expect.poll(() => leadOf(page)).not.toBe(acceptedId);
  const rejectedId = leadOf(page);
  const reason = 'Good lead but not now';
  await test.step('cannot reject the next one without a reason, and can with one', async () => {
    await reject(page, null);
    await expect(page.getByText('Choose a reason')).toBeVisible();
    await page.getByRole('radio', { name: reason }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await expect(page.getByText(`Rejected ${rejected}: ${reason}`)).toBeVisible();
  });

  await test.step('undoes the rejection and makes it again', async () => {
    await page.keyboard.press('u');
    await expect(page.getByText(`${rejected} is open again`)).toBeVisible();
    // The selection comes back to the lead that was taken back, and stands in the address.
    await expect(detail.getByRole('heading', { level: 2, name: rejected, exact: true })).toBeVisible();
    await expect.poll(() => leadOf(page)).toBe(rejectedId);
    await page.reload();
    await expect(detail.getByRole('heading', { level: 2, name: rejected, exact: true })).toBeVisible();
    await page.keyboard.press('r');
    const first = page.getByRole('dialog').getByRole('radio').first();
    await expect(first).toBeFocused();
    await page.keyboard.press('2');
    await page.keyboard.press('1');
    await expect(first).toBeChecked();
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(`Rejected ${rejected}: ${reason}`)).toBeVisible();
  });

  await test.step('finds both behind the figures of the report', async () => {
    await page.getByRole('link', { name: 'Report' }).click();
    await expect(page.getByText('Sales acceptance rate', { exact: true })).toBeVisible();
    await drill(page, { figure: /^Whole period, accepted: /, name: accepted });
    await drill(page, { figure: /^Whole period, rejected: /, name: rejected });
  });

  await test.step('finds the accepted lead among the contacts', async () => {
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill(address);
    await page.keyboard.press('Enter');
    await page.getByRole('table').getByRole('link', { name: accepted, exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: accepted })).toBeVisible();
    await expect(page.getByText('SQL', { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  });

  await test.step('reads the agreement', async () => {
    await page.getByRole('link', { name: 'Agreement' }).click();
    await expect(page.getByText('When a lead is handed over (MQL)')).toBeVisible();
    await expect(page.getByText(reason, { exact: true })).toBeVisible();
    await page.getByRole('tab', { name: 'Source' }).click();
    await expect(page.getByText('agreement: 1')).toBeVisible();
  });

  await test.step('makes a key, which works at once', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('Back end');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = (await page.getByTestId('secret').textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('table', { name: 'Keys' }).getByText('Back end')).toBeVisible();
    const answer = await request.post(new URL('/v1/identify', demo).href, {
      headers: { authorization: `Basic ${btoa(`${secret}:`)}` },
      data: { userId: 'story-1', traits: { email: 'story@northwind.example', name: 'Story Teller' } },
    });
    expect(await answer.json()).toEqual({ success: true });
  });
});

/** The id of the lead that the address names. */
function leadOf(page: Page): string | null {
  return new URL(page.url()).searchParams.get('lead');
}

async function selectedName(detail: Locator): Promise<string> {
  await expect(detail.getByTestId('sentence')).toBeVisible();
  return (await detail.getByRole('heading', { level: 2 }).first().textContent()) ?? '';
}

async function reject(page: Page, reason: string | null): Promise<void> {
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio').first()).toBeVisible();
  if (reason !== null) await dialog.getByRole('radio', { name: reason }).check();
  await dialog.getByRole('button', { name: 'Reject' }).click();
}

async function drill(page: Page, of: { readonly figure: RegExp; readonly name: string }): Promise<void> {
  await page.getByRole('button', { name: of.figure }).click();
  const drawer = page.getByRole('dialog');
  const more = drawer.getByRole('button', { name: 'Load more' });
  const found = drawer.getByRole('link', { name: of.name, exact: true }).first();
  await expect(drawer.getByRole('listitem').first()).toBeVisible();
  while (!(await found.isVisible()) && (await more.isVisible())) await more.click();
  await expect(found).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
}

/** The figures of the table as a person reads them: a minus sign is the typographic one. */
async function readLines(table: Locator) {
  const rows = await table.getByRole('row').all();
  const figures = { subtotals: [] satisfies number[], lines: [] satisfies number[], total: Number.NaN };
  const read: { subtotals: number[]; lines: number[]; total: number } = figures;
  for (const row of rows) {
    const value = Number(
      (await row.locator('th, td').last().textContent())?.replace('−', '-').replace('+', ''),
    );
    if (Number.isNaN(value)) continue;
    if ((await row.getAttribute('data-rule')) !== null) read.lines.push(value);
    else if ((await row.textContent())?.startsWith('Total')) read.total = value;
    else read.subtotals.push(value);
  }
  return read;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
