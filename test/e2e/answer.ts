import type { Page } from '@playwright/test';
import { expect } from './demo.ts';

/** Accepts the marked lead by its key, and answers by keyboard what must be found out first. */
export async function acceptByKeys(page: Page, name: string): Promise<void> {
  await page.keyboard.press('a');
  await answerMissing(page, name);
}

/** Answers by keyboard what is missing, where accepting a lead has led, until it is accepted. */
export async function answerMissing(page: Page, name: string): Promise<void> {
  const accepted = page.getByText(`Accepted ${name}`).first();
  let last = '';
  for (let asked = 0; asked < 5; asked++) {
    const field = page.locator(`[data-missing="true"]:not([data-question="${last}"]) :focus`);
    await expect(accepted.or(field).first()).toBeVisible();
    if (await accepted.isVisible()) return;
    last = (await page.locator('[data-question]:focus-within').getAttribute('data-question')) ?? '';
    await page.keyboard.type('Found out by phone');
    await page.keyboard.press('Control+Enter');
  }
  await expect(accepted).toBeVisible();
}
