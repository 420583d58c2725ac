import { enter, expect, test } from './demo.ts';

test('a visitor looks at the demo as each role, by mouse and by keys, and sends a lead with its key', async ({
  page,
  demo,
}) => {
  await enter(page, demo);
  await page.getByRole('button', { name: 'Look as: Maren Holt, admin' }).click();
  await page.getByRole('menuitem', { name: 'Josie Adeyemi, marketing' }).click();
  await expect(page.getByRole('button', { name: 'Look as: Josie Adeyemi, marketing' })).toBeVisible();
  await page.getByRole('button', { name: 'Look as: Josie Adeyemi, marketing' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Maren Holt, admin' })).toBeVisible();
  await page.getByRole('menuitem', { name: 'Callum Reid, rep' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Look as: Callum Reid, rep' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Signed in as Callum Reid' })).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Look as: Callum Reid, rep' }).click();
  await page.getByRole('menuitem', { name: 'Maren Holt, admin' }).click();
  await expect(page.getByRole('button', { name: 'Look as: Maren Holt, admin' })).toBeVisible();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);

  await page.goto(new URL('/settings/keys', demo).href);
  await expect(page.getByText('This demo takes calls with the write key')).toBeVisible();
  const sent = await page.request.post(new URL('/v1/identify', demo).href, {
    headers: { authorization: `Basic ${btoa('baton-demo-write-key:')}` },
    data: { userId: 'visitor', traits: { email: 'ann.lee@harrowgate.example' } },
  });
  expect(await sent.json()).toEqual({ success: true });
});

test('what changed while a page loaded, before it listened, is shown', async ({ page, demo }) => {
  await enter(page, demo);
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  await page.route('**/api/stream', async route => {
    await opened;
    await route.continue();
  });
  await page.goto(new URL('/queue?show=all', demo).href);
  const all = page.getByRole('tab', { name: /^All \d/ });
  const before = (await all.textContent()) ?? '';
  const sent = await page.request.post(new URL('/v1/batch', demo).href, {
    headers: { authorization: `Basic ${btoa('baton-demo-write-key:')}` },
    data: {
      batch: [
        {
          type: 'identify',
          userId: 'late',
          traits: {
            email: 'lee.ray@harrowgate.example',
            title: 'VP Operations',
            company: { name: 'Harrowgate', industry: 'Logistics', employees: 420, country: 'Germany' },
          },
        },
        { type: 'track', userId: 'late', event: 'Demo Requested' },
      ],
    },
  });
  expect(sent.ok()).toBe(true);
  await expect(all).toHaveText(before);
  open();
  await expect(all).not.toHaveText(before);
});
