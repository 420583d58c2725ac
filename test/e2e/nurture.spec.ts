import type { Locator, Page } from '@playwright/test';
import { expect, type Lead, type Office, raiseHand, test } from './followup.ts';
import { callApi } from './server.ts';

/** How long a track of two steps, a second apart, may take on a busy machine. */
const TRACK_MS = 30_000;

test('a lead whose time has not come gets its mails, wakes up, and is handed over a second time', async ({
  page,
  office,
}) => {
  const { baton, mailsTo } = office;
  const lead = await raiseHand(page, office, 'Wanda Wait');
  const earlier = page.locator('section').filter({ hasText: 'Earlier handoffs' }).locator('[data-episode]');
  await page.goto(`${baton.url}/contacts/${lead.id}`);

  await test.step('is rejected for its time', async () => {
    await page.getByRole('button', { name: 'Reject' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Bad timing' }).check();
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await expect(page.getByText(`Rejected ${lead.name}: Bad timing`)).toBeVisible();
    await expect(page.getByText('Track: Stay in touch')).toBeVisible();
  });

  await test.step('gets both mails of its track, as one thread', async () => {
    await expect.poll(() => mailsTo(lead.email).length, { timeout: TRACK_MS }).toBe(3);
    const [first, second, third] = mailsTo(lead.email).map(({ headers }) => headers);
    expect(second?.get('subject')).toBe('What changed since we spoke');
    expect(third?.get('subject')).toBe('Is now a better time?');
    expect(second?.get('in-reply-to')).toBe(first?.get('message-id'));
    expect(third?.get('in-reply-to')).toBe(second?.get('message-id'));
    expect(third?.get('references')).toContain(first?.get('message-id'));
    await expect(page.getByText(/^Left the track .+: every step is done/)).toBeVisible();
  });

  await test.step('wakes up on its date, and is handed over again from My day', async () => {
    await wake(page, office, lead);
    await page.getByRole('button', { name: `Open a new handoff for ${lead.name}` }).click();
    await expect(page.getByText(`${lead.name} is handed over again.`)).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`/contacts/${lead.id}$`));
  });

  await test.step('shows both handoffs, each with its own dates', async () => {
    const open = page.getByRole('region', { name: 'Open handoff' });
    const { episodes } = await callApi(page, baton, { method: 'GET', path: `/api/contacts/${lead.id}` });
    const [one, two] = episodes.map((episode: { handedOffAt: string }) => episode.handedOffAt).sort();
    expect(Date.parse(two)).toBeGreaterThan(Date.parse(one));
    await expect(open.locator(`time[datetime="${two}"]`)).toHaveCount(1);
    await expect(open).toContainText('First touch');
    await expect(earlier.locator(`time[datetime="${one}"]`)).toHaveCount(1);
    await expect(earlier).toContainText('Bad timing');
  });
});

test('one click in a mail program stops the mails to a lead', async ({ page, office }) => {
  const { baton, mailsTo } = office;
  const lead = await raiseHand(page, office, 'Olga Out');
  await expect.poll(() => mailsTo(lead.email).length).toBe(1);
  const [mail] = mailsTo(lead.email);
  const link = mail?.headers.get('list-unsubscribe')?.replace(/^<|>$/g, '') ?? '';
  const clicked = await page.request.post(link, { form: { 'List-Unsubscribe': 'One-Click' } });
  expect(clicked.ok(), await clicked.text()).toBe(true);
  await reject(page, office, lead);
  await page.goto(`${baton.url}/contacts/${lead.id}`);
  await expect(page.getByText('No more mail goes out: they want no mail from us')).toBeVisible();
  await expect(page.getByText(/^Left the track .+: they want no more mail/)).toBeVisible({
    timeout: TRACK_MS,
  });
  expect(mailsTo(lead.email)).toHaveLength(1);
});

test('a rep stops mail to a lead, takes that back, stops it again, and allows it with the reason', async ({
  page,
  office,
}) => {
  const lead = await raiseHand(page, office, 'Nora Nomail');
  await page.goto(`${office.baton.url}/queue`);
  const detail = page.getByRole('region', { name: 'Selected lead' });
  await page.getByRole('button', { name: lead.name }).click();
  await detail.getByRole('link', { name: 'All mail' }).click();
  const mail = page.locator('section').filter({ hasText: 'Mail to this lead' }).last();
  await expect(mail).toBeInViewport();
  const stopped = page.getByText('No more mail goes out');
  const stop = async () => {
    await mail.getByRole('button', { name: 'Stop mail' }).click();
    await page.keyboard.type('Said so on the phone');
    await page.keyboard.press('Control+Enter');
    await expect(stopped).toBeVisible();
  };
  await stop();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(stopped).toHaveCount(0);
  await stop();
  await mail.getByRole('button', { name: 'Allow mail again' }).click();
  await page.keyboard.type('Asked for the price list');
  await page.keyboard.press('Control+Enter');
  await expect(stopped).toHaveCount(0);
  await expect(page.getByText('Wants mail from us again').first()).toBeVisible();
  await expect(page.getByText('Asked for the price list')).toBeVisible();
});

test('a lead whose date has come waits longer, or is left without a date', async ({ page, office }) => {
  const { baton } = office;
  const lead = await raiseHand(page, office, 'Lena Later');
  await reject(page, office, lead);

  await test.step('waits longer', async () => {
    const row = await wake(page, office, lead);
    await row.getByRole('button', { name: `Wait longer, ${lead.name}` }).click();
    const dialog = page.getByRole('dialog', { name: `When to look at ${lead.name} again` });
    await dialog.getByRole('button', { name: 'In a month' }).click();
    await dialog.getByRole('button', { name: 'Wait until then' }).click();
    await expect(page.getByText(`${lead.name} is looked at again on `)).toBeVisible();
    await expect(row).toHaveCount(0);
    await page.goto(`${baton.url}/contacts/${lead.id}`);
    await expect(page.getByText(/^Its owner looks at it again on /)).toBeVisible();
  });

  await test.step('is left without a date', async () => {
    const row = await wake(page, office, lead);
    await row.getByRole('button', { name: `Leave it, ${lead.name}` }).click();
    await expect(page.getByText(`${lead.name} stays in nurture without a date.`)).toBeVisible();
    await expect(row).toHaveCount(0);
    await page.goto(`${baton.url}/contacts/${lead.id}`);
    await expect(page.getByRole('button', { name: `Set a date, ${lead.name}` })).toBeVisible();
    await expect(page.getByText(/^Its owner looks at it again/)).toHaveCount(0);
    await expect(page.getByText('Look at this lead again')).toHaveCount(0);
  });
});

/** The latest handoff of a lead. */
async function lastHandoff(page: Page, { baton }: Office, lead: Lead): Promise<string> {
  const { episodes } = await callApi(page, baton, { method: 'GET', path: `/api/contacts/${lead.id}` });
  const byTime = (a: { handedOffAt: string }, b: { handedOffAt: string }) =>
    Date.parse(b.handedOffAt) - Date.parse(a.handedOffAt);
  return episodes.sort(byTime)[0].id;
}

/** Rejects a lead for its time, as other software may. */
async function reject(page: Page, office: Office, lead: Lead): Promise<void> {
  const id = await lastHandoff(page, office, lead);
  const data = { reason: 'timing' };
  await callApi(page, office.baton, { method: 'POST', path: `/api/episodes/${id}/reject`, data });
}

/** Lets the date of a recycled lead come, and gives its line in My day. */
async function wake(page: Page, office: Office, lead: Lead): Promise<Locator> {
  const id = await lastHandoff(page, office, lead);
  const data = { until: new Date(Date.now() + 1_000).toISOString() };
  await callApi(page, office.baton, { method: 'POST', path: `/api/episodes/${id}/wakeup`, data });
  await page.goto(`${office.baton.url}/today`);
  const row = page.getByRole('listitem').filter({ hasText: lead.name });
  await expect(row).toContainText('Bad timing');
  return row;
}
