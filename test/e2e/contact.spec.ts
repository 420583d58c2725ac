import type { Locator, Page } from '@playwright/test';
import { enter, expect, test } from './demo.ts';

test('a contact page answers why, what is missing, what changed, and how the score got there', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  const details = page.getByRole('region', { name: 'The score in detail' });

  await test.step('why: a sentence, and lines that add up to the total', async () => {
    await open(page, demo, await findContact(page, demo, { stage: 'mql', qualifies: true }));
    await expect(page.getByTestId('sentence')).not.toBeEmpty();
    await expect(page.getByText(/^Qualifies: /)).toBeVisible();
    const rows = details.getByRole('table', { name: 'Lines of the score' }).locator('tr[data-rule]');
    expect(sum(await figures(rows))).toBe(await shownTotal(page));
  });

  await test.step('what is missing: the nearest way, with what it lacks', async () => {
    await open(page, demo, await findContact(page, demo, { stage: 'lead', qualifies: false }));
    await expect(page.getByRole('heading', { name: 'What is missing' })).toBeVisible();
    await expect(page.getByTestId('nearest')).toContainText(/short|Not yet|Asked for/);
  });

  await test.step('what changed: lines that add up to the difference', async () => {
    await open(page, demo, await findContact(page, demo, { stage: 'mql', qualifies: true }));
    await details.getByRole('tab', { name: 'What changed' }).click();
    await details.getByText('30 days', { exact: true }).click();
    const table = details.getByRole('table', { name: 'Lines that changed' });
    await expect(table).toBeVisible();
    const changed = await figures(table.locator('tr[data-rule]'));
    expect(changed.length).toBeGreaterThan(0);
    const [total = ''] = await table.getByRole('row', { name: /^Total/ }).allInnerTexts();
    const [before, after, difference] = total.split('\t').slice(1).map(toNumber);
    expect(sum(changed)).toBe(difference);
    expect((after ?? 0) - (before ?? 0)).toBe(difference);
    expect(after).toBe(await shownTotal(page));
  });

  await test.step('over time: a chart whose steps the arrow keys walk', async () => {
    await details.getByRole('tab', { name: 'Over time' }).click();
    const walker = details.getByRole('slider');
    const step = details.getByTestId('step');
    await expect(walker).toBeVisible();
    await expect(step).toContainText(`Total ${await shownTotal(page)}`);
    const last = Number(await walker.getAttribute('max'));
    expect(last).toBeGreaterThan(0);
    await walker.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(walker).toHaveValue(String(last - 1));
    const words = (await walker.getAttribute('aria-valuetext')) ?? '';
    const [, moment = '', total = ''] = /^(.+?): total ([−\d]+)/.exec(words) ?? [];
    await expect(step).toContainText(moment);
    await expect(step).toContainText(`Total ${total}`);
    await page.keyboard.press('Home');
    await expect(walker).toHaveValue('0');
    await expect(step).toContainText('Where this chart begins');
    await details.getByRole('button', { name: 'Show as a table' }).click();
    const rows = details.getByRole('table', { name: 'Steps of the score' }).locator('tbody tr');
    await expect(rows).toHaveCount(last + 1);
  });

  await test.step('a past day, with what is known now and as it was known then', async () => {
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString();
    await page.goto(`${page.url().split('?')[0]}?at=${day}`);
    await expect(page.getByRole('heading', { name: /^Why the score of / })).toBeVisible();
    await page.getByText('As it was known then', { exact: true }).click();
    await expect(page).toHaveURL(/known=then/);
    await expect(page.getByText('Only what had reached Baton by that moment')).toBeVisible();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expect(page.getByRole('heading', { name: 'Why this score' })).toBeVisible();
  });
});

test('an event that a machine is said to have made is given back to the person, and that is undone', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  await open(page, demo, await findWithMachineEvent(page, demo));
  const timeline = page.getByRole('list', { name: 'Timeline' });
  const marks = timeline.getByText('Machine-made, not scored');
  await expect(marks.first()).toBeVisible();
  const count = await marks.count();
  await timeline.getByRole('button', { name: 'This was a person' }).first().click();
  await expect(page.getByText('counts as done by a person: it scores.')).toBeVisible();
  await expect(marks).toHaveCount(count - 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('counts as made by a bot: it no longer scores.')).toBeVisible();
  await expect(marks).toHaveCount(count);
});

test('on a phone every look at a score fits the width', async ({ page, demo }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, demo);
  const ids = [
    await findContact(page, demo, { stage: 'mql', qualifies: true }),
    await findContact(page, demo, { stage: 'lead', qualifies: false }),
  ];
  for (const id of ids) {
    for (const look of ['points', 'changes', 'course']) {
      await page.goto(new URL(`/contacts/${id}?look=${look}`, demo).href);
      await expect(page.getByTestId('sentence').first()).toBeVisible();
      await expect(page.getByLabel('Loading')).toHaveCount(0);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${look} is wider than the screen`).toBe(0);
    }
  }
});

async function open(page: Page, demo: string, id: string): Promise<void> {
  await page.goto(new URL(`/contacts/${id}`, demo).href);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

async function read(page: Page, demo: string, path: string) {
  const answer = await page.request.get(new URL(path, demo).href);
  expect(answer.ok()).toBe(true);
  return answer.json();
}

/** The first contact of a stage, by total, that qualifies now or does not. */
async function findContact(
  page: Page,
  demo: string,
  of: { readonly stage: string; readonly qualifies: boolean },
): Promise<string> {
  const { items } = await read(page, demo, `/api/contacts?stage=${of.stage}&limit=50`);
  for (const { id } of items) {
    const contact = await read(page, demo, `/api/contacts/${id}`);
    if ((typeof contact.score.qualifies === 'string') === of.qualifies) return id;
  }
  throw new Error(`the demo has no contact of stage ${of.stage} that qualifies: ${of.qualifies}`);
}

async function findWithMachineEvent(page: Page, demo: string): Promise<string> {
  const { items } = await read(page, demo, '/api/contacts?limit=100');
  for (const { id } of items) {
    const { items: happened } = await read(page, demo, `/api/contacts/${id}/timeline?limit=30`);
    if (happened.some(({ machine }: { machine: boolean }) => machine)) return id;
  }
  throw new Error('the demo has no contact with a machine-made event');
}

async function shownTotal(page: Page): Promise<number> {
  const label = await page
    .getByRole('img', { name: /points/ })
    .first()
    .getAttribute('aria-label');
  return toNumber(/^\S+/.exec(label ?? '')?.[0] ?? '');
}

/** The last figure of each row. */
async function figures(rows: Locator): Promise<readonly number[]> {
  const texts = await rows.locator('td:last-child').allInnerTexts();
  return texts.map(toNumber);
}

/** A figure as a person reads it: a minus sign is the typographic one. */
function toNumber(text: string): number {
  return Number(text.trim().replace('−', '-').replace('+', '').replaceAll(',', ''));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
