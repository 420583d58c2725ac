import { enter, expect, test } from './demo.ts';

/** The width of A4 less its margins, in CSS pixels. */
const SHEET = 703;

test('a report on paper is the page alone, in light colours and no wider than the sheet', async ({
  page,
  demo,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await enter(page, demo);
  await page.goto(new URL('/report', demo).href);
  await expect(page.getByRole('heading', { name: 'Figures by month' })).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: SHEET, height: 1000 });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
  await expect(page.getByRole('banner')).toHaveCount(0);
  const cut = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(cut).toBe(0);
  const schemes = await page.evaluate(() =>
    ['beforeprint', 'afterprint'].map(name => {
      dispatchEvent(new Event(name));
      return document.documentElement.getAttribute('data-mantine-color-scheme');
    }),
  );
  expect(schemes).toEqual(['light', 'dark']);
});
