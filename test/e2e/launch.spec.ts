import { expect, test } from '@playwright/test';

test('the browser that came along opens a page and draws text with a font', async ({ page }) => {
  await page.setContent('<h1 style="display: inline-block">Baton</h1>');
  const box = await page.getByRole('heading', { name: 'Baton' }).boundingBox();
  expect(box?.width).toBeGreaterThan(40);
});
