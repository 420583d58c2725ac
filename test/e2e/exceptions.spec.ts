import type { Page } from '@playwright/test';
import { answerMissing } from './answer.ts';
import { enter, expect, test } from './demo.ts';

/** Makes names and addresses new at each run, so that a demo that runs already can be used again. */
const RUN = Date.now().toString(36);

test('a lead that nobody can take shows up with its reason and is given to somebody', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  const send = await makeSender(page, demo);
  const name = `Nora Unheld ${RUN}`;
  const people: readonly { readonly id: string; readonly active: boolean }[] = (
    await read(page, demo, '/api/users')
  ).items;
  const pause = (paused: boolean) =>
    Promise.all(
      people.map(({ id }) =>
        write(page, demo, {
          method: 'PUT',
          path: `/api/users/${id}/availability`,
          data: { ...ALWAYS, paused },
        }),
      ),
    );
  // As long as nobody is there; routing would find somebody at once.
  await pause(true);
  try {
    await send(lead({ id: `unheld-${RUN}`, name, email: `nora@unheld-${RUN}.example` }));

    await page.getByRole('link', { name: /^Exceptions/ }).click();
    // The queue has a tab of that name too.
    await expect(page.getByRole('heading', { name: 'Exceptions', level: 1 })).toBeVisible();
    await page.getByRole('tab', { name: /^Unassigned/ }).click();
    const list = page.getByRole('list', { name: 'Unassigned, due first' });
    const detail = page.getByRole('region', { name: 'Selected exception' });
    await list.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await expect(detail.getByRole('heading', { level: 2, name })).toBeVisible();
    await expect(detail.getByTestId('trouble')).not.toBeEmpty();
    await expect(detail.getByText(/^Due in|^Overdue by/).first()).toBeVisible();
    await expect(detail.getByRole('list', { name: 'What routing did' })).toContainText('Given to nobody');

    await test.step('somebody takes it on, and that is undone', async () => {
      await detail.getByRole('button', { name: 'I deal with it' }).click();
      await expect(page.getByText('You deal with it now.')).toBeVisible();
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(page.getByText('deals with it now.')).toBeVisible();
      await expect(detail.getByRole('button', { name: 'I deal with it' })).toBeVisible();
    });

    await test.step('it is assigned with the keyboard, and is gone from the list', async () => {
      await page.keyboard.press('a');
      const dialog = page.getByRole('dialog', { name: `Assign ${name}` });
      await dialog.getByRole('combobox', { name: 'Owner' }).click();
      await page.getByRole('option', { name: 'Priya Raman' }).click();
      await dialog.getByRole('button', { name: 'Assign' }).click();
      await expect(page.getByText(`${name} now belongs to Priya Raman.`)).toBeVisible();
      await expect(list.getByRole('button', { name: new RegExp(`^${name}`) })).toHaveCount(0);
    });
  } finally {
    await pause(false);
  }

  await test.step('its page says how it came there; it is taken over and handed back', async () => {
    await page.getByRole('tab', { name: /^Closed/ }).click();
    await page.getByRole('list', { name: 'Dealt with, newest first' }).getByRole('link', { name }).click();
    await expect(page.getByText('owned by Priya Raman')).toBeVisible();
    await page.getByRole('button', { name: 'Why this owner?' }).click();
    await expect(page.getByRole('list', { name: 'What routing did' })).toContainText(
      'Given to Priya Raman by hand',
    );
    await page.getByRole('button', { name: 'Take over' }).click();
    await expect(page.getByText(`${name} is yours now.`)).toBeVisible();
    await page.getByRole('button', { name: 'Hand back' }).click();
    await page.getByRole('dialog').getByLabel('Note (optional)').fill('not my region');
    await page.getByRole('dialog').getByRole('button', { name: 'Hand it back' }).click();
    await expect(page.getByText(`You handed ${name} back`)).toBeVisible();
    await expect(page.getByText(/owned by Maren Holt/)).toHaveCount(0);
  });
});

test('what a lead lacks is filled in, and the lead is routed with it', async ({ page, demo }) => {
  await enter(page, demo);
  const send = await makeSender(page, demo);
  const name = `Milo Unknown ${RUN}`;
  const email = `milo@unknown-${RUN}.example`;
  await send(lead({ id: `unknown-${RUN}`, name, email, company: null }));

  await page.goto(new URL('/exceptions?show=missing_data', demo).href);
  const list = page.getByRole('list', { name: 'Missing data, due first' });
  await list.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  const detail = page.getByRole('region', { name: 'Selected exception' });
  await expect(detail.getByText(/^Missing: .*Company employees/)).toBeVisible();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: `Fill in ${name}` });
  await expect(dialog.getByRole('button', { name: 'Fill in' })).toBeDisabled();
  await dialog.getByLabel('Company employees').fill('2500');
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await expect(page.getByText(`${name} no longer waits`)).toBeVisible();
  await expect(list.getByRole('button', { name: new RegExp(`^${name}`) })).toHaveCount(0);
  const { items } = await read(page, demo, `/api/contacts?q=${encodeURIComponent(email)}`);
  expect(items[0].owner).not.toBeNull();
  const contact = await read(page, demo, `/api/contacts/${items[0].id}`);
  expect(contact.companyProfile.employees).toBe(2500);
});

test('possible duplicates are merged, taken apart again, and kept apart', async ({ page, demo }) => {
  await enter(page, demo);
  const send = await makeSender(page, demo);
  const name = `Tess Twin ${RUN}`;
  await send(lead({ id: `twin-a-${RUN}`, name, email: `tess.twin@twin-${RUN}.example` }));
  await send(lead({ id: `twin-b-${RUN}`, name, email: `tess.twin+trial@twin-${RUN}.example` }));

  await page.goto(new URL('/exceptions?show=duplicate', demo).href);
  const list = page.getByRole('list', { name: 'Possible duplicates, held leads first' });
  const row = list.getByRole('button', { name: new RegExp(`^${name} and`) });
  const detail = page.getByRole('region', { name: 'Selected pair' });
  await row.click();
  await expect(detail.getByText('A lead is held until this is decided')).toBeVisible();
  await expect(detail.getByText('same address but for a plus-tag')).toBeVisible();
  await expect(detail.getByRole('table', { name: 'The two side by side' })).toContainText('tess.twin+trial');

  await test.step('they are merged with the keyboard, with a look at what is kept', async () => {
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Make them one contact?' });
    await expect(dialog.getByText('What is kept where they differ')).toBeVisible();
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByText(/are one now/)).toBeVisible();
    await expect(row).toHaveCount(0);
    expect(await countTwins(page, demo)).toBe(1);
  });

  await test.step('the merge is undone, and both are there again', async () => {
    await page.getByText(/^Merged/).click();
    const merged = page.getByRole('list', { name: 'Merged pairs' }).getByRole('listitem').first();
    await expect(merged).toContainText('tess.twin');
    await merged.getByRole('button', { name: 'Undo the merge' }).click();
    await expect(page.getByText(/are apart again/)).toBeVisible();
    expect(await countTwins(page, demo)).toBe(2);
  });

  await test.step('they are kept apart, and the lead that was held is routed', async () => {
    await page.getByText(/^To review/).click();
    await row.click();
    await page.keyboard.press('x');
    await expect(page.getByText(/stay apart/)).toBeVisible();
    await expect(row).toHaveCount(0);
    const { items } = await read(page, demo, `/api/queue?owner=none`);
    expect(items.filter(({ contact }: { contact: { name: string } }) => contact.name === name)).toEqual([]);
    await page.getByText(/^Kept apart/).click();
    await expect(page.getByRole('list', { name: 'Pairs kept apart' })).toContainText(name);
  });
});

test('the link of a message opens the lead with the accept dialog, and says when it is too late', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  const send = await makeSender(page, demo);
  const name = `Lena Link ${RUN}`;
  await send(lead({ id: `link-${RUN}`, name, email: `lena@link-${RUN}.example` }));
  const { items } = await read(page, demo, `/api/contacts?q=${encodeURIComponent(`lena@link-${RUN}`)}`);
  const { episodes } = await read(page, demo, `/api/contacts/${items[0].id}`);
  const link = new URL(`/contacts/${items[0].id}?do=accept&episode=${episodes[0].id}`, demo).href;
  await page.goto(link);
  await page
    .getByRole('dialog', { name: `Accept ${name}?` })
    .getByRole('button', { name: 'Accept', exact: true })
    .click();
  await answerMissing(page, name);
  await expect(page.getByText(`Accepted ${name}`)).toBeVisible();
  await expect(page).not.toHaveURL(/do=accept/);
  await page.goto(link);
  await expect(page.getByRole('dialog', { name: `${name} is already decided` })).toContainText('Accepted');
});

test('the report shows where leads leak, and on a phone the exceptions fit the width', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  await page.goto(new URL('/report?view=leakage', demo).href);
  await expect(page.getByText('From qualifying to a decision')).toBeVisible();
  const table = page.getByRole('table', { name: 'Leakage by month' });
  const figures = (
    await table
      .getByRole('row', { name: /^Whole period/ })
      .getByRole('cell')
      .allInnerTexts()
  ).map(text => Number(text.replaceAll(',', '')));
  const [qualified = 0, , , , decided = 0, lost = 0, pending = 0] = figures;
  expect(qualified).toBeGreaterThan(0);
  expect(decided + lost + pending).toBe(qualified);
  await page.setViewportSize({ width: 390, height: 844 });
  const tabs = ['unassigned', 'missing_data', 'duplicate', 'rejected', 'delivery', 'breach', 'closed'];
  for (const place of [...tabs.map(tab => `/exceptions?show=${tab}`), '/report?view=leakage']) {
    await page.goto(new URL(place, demo).href);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByLabel('Loading')).toHaveCount(0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${place} is wider than the screen`).toBe(0);
  }
});

/** Somebody who is always at work. */
const ALWAYS = { timezone: 'UTC', hours: null };

/** The calls of a contact that asks for a demo and qualifies at once; of `company` null nothing is known. */
function lead(of: {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly company?: null;
}) {
  const company = { name: `${of.id} Ltd`, employees: 300, industry: 'fintech' };
  const traits = {
    name: of.name,
    title: 'VP Finance',
    email: of.email,
    ...(of.company === null ? {} : { company }),
  };
  return [
    { type: 'identify', userId: of.id, traits },
    { type: 'track', userId: of.id, event: 'Demo Requested', properties: {} },
  ];
}

/** Makes a write key; with it calls are sent as a server sends them. */
async function makeSender(page: Page, demo: string) {
  const { secret } = await write(page, demo, {
    method: 'POST',
    path: '/api/keys',
    data: { name: `Exceptions ${RUN}`, kind: 'server' },
  });
  return async (batch: readonly object[]) => {
    const answer = await page.request.post(new URL('/v1/batch', demo).href, {
      headers: { authorization: `Basic ${btoa(`${secret}:`)}` },
      data: { batch },
    });
    expect(await answer.json()).toEqual({ success: true });
  };
}

async function countTwins(page: Page, demo: string): Promise<number> {
  const { count } = await read(page, demo, `/api/contacts?q=${encodeURIComponent(`Tess Twin ${RUN}`)}`);
  return count;
}

async function read(page: Page, demo: string, path: string) {
  const answer = await page.request.get(new URL(path, demo).href);
  expect(answer.ok(), path).toBe(true);
  return answer.json();
}

async function write(
  page: Page,
  demo: string,
  of: { readonly method: string; readonly path: string; readonly data: object },
) {
  const answer = await page.request.fetch(new URL(of.path, demo).href, { method: of.method, data: of.data });
  expect(answer.ok(), `${of.path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}
