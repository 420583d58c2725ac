import { enter, expect, test } from './demo.ts';

test('every report names its figures, says how they are counted, and opens the leads of each', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  await page.getByRole('link', { name: 'Report', exact: true }).click();
  const open = (name: string) => page.getByRole('tab', { name }).click();
  const leads = page.getByRole('dialog');
  /** Opens a figure and compares it with how many leads are listed, as far as one page goes. */
  const follow = async (table: string, column: RegExp) => {
    const figure = page.getByRole('table', { name: table }).getByRole('button', { name: column }).first();
    const count = Number.parseInt((await figure.textContent())?.replaceAll(',', '') ?? '', 10);
    await figure.click();
    await expect(leads.getByRole('listitem').first()).toBeVisible();
    if (count <= 20) await expect(leads.getByRole('listitem')).toHaveCount(count);
    await page.keyboard.press('Escape');
    await expect(leads).toHaveCount(0);
  };

  await test.step('why leads fail: reasons by source, and the rules that decided', async () => {
    await open('Why leads fail');
    await expect(page).toHaveURL(/view=failing/);
    await expect(page.getByRole('heading', { name: /^Most often rejected for “/ })).toBeVisible();
    await follow('Rejected leads, by reason', /: Rejected, /);
    await follow('Decided leads, by rule', /: Of which decided by it, /);
    await page.getByText('Campaign', { exact: true }).click();
    await expect(page).toHaveURL(/by=campaign/);
    await expect(page.getByText(/by reason and campaign/)).toBeVisible();
  });

  await test.step('sources, how far leads come, how fast, and whether scores work', async () => {
    await open('Sources');
    await follow('Sources', /: Handed off, /);
    await open('How far leads come');
    await follow('Conversion', /: Handed off, /);
    await open('How fast');
    await expect(page.getByRole('heading', { name: /^Half of the leads are touched within/ })).toBeVisible();
    await follow('Clocks', /: missed, /);
    await open('Whether scores work');
    await follow('Scores', /: Handed off, /);
    await expect(page.getByRole('heading', { name: 'How these figures are counted' })).toBeVisible();
  });

  await test.step('on a phone each fits the width', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of [
      'Why leads fail',
      'Sources',
      'How far leads come',
      'How fast',
      'Whether scores work',
    ]) {
      await open(name);
      await expect(page.getByRole('heading', { name: 'How these figures are counted' })).toBeVisible();
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide, name).toBeLessThanOrEqual(0);
    }
  });
});
