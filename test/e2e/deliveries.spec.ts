import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { type MailPeer, openMailPeer, openSlackPeer, type SlackPeer } from '../world/peer.ts';
import { addPerson, type Baton, becomeAdmin, callApi, demoRequest, sendCalls, startBaton } from './server.ts';

let baton: Baton;
let mail: MailPeer;
let slack: SlackPeer;
let other: Other;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  [mail, slack, other] = await Promise.all([openMailPeer(), openSlackPeer(), openOther()]);
  baton = await startBaton({ SMTP_URL: mail.url, SLACK_WEBHOOK_URL: slack.url });
});
test.afterAll(async () => {
  await baton.stop();
  await Promise.all([mail.close(), slack.close(), other.close()]);
});

test('what failed is seen with its reason and sent when the other side is back; what arrived can be sent again', async ({
  page,
}) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  const ann = await addPerson(page, baton, 'Ann Able');
  const members = [{ userId: ann.id }];
  await callApi(page, baton, {
    method: 'PUT',
    path: '/api/teams/enterprise',
    data: { label: 'Enterprise', members },
  });
  slack.answer = () => ({ status: 404, body: 'channel_not_found' });
  mail.answer = recipient => (recipient === ann.email ? 550 : 250);
  await sendCalls(page, baton, demoRequest('lead-one', 'Nora North'));

  await page.goto(`${baton.url}/deliveries`);
  const state = page.getByRole('radiogroup', { name: 'State' });
  const table = page.getByRole('table', { name: 'Deliveries' });
  const mine = table.getByRole('row').filter({ hasText: 'Nora North' });
  const bySlack = mine.filter({ hasText: 'Slack' });
  const byMail = mine.filter({ hasText: 'E-mail' });

  await test.step('both failures stand there, each with what the other side said', async () => {
    await expect(bySlack).toContainText('Failed');
    await expect(byMail).toContainText('Failed');
    await expect(page.getByRole('region', { name: 'Slack' })).toContainText('failed in 7 days');
    await state.getByText('Sent').click();
    await expect(bySlack).toHaveCount(0);
    await expect(mine.filter({ hasText: 'In the app' })).toContainText('Sent');
    await state.getByText('Failed').click();
    await expect(bySlack).toBeVisible();
  });

  await test.step('a failed one is read, with every attempt, and tried again when Slack is back', async () => {
    await bySlack.getByRole('button', { name: /Nora North/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Delivery' });
    await expect(drawer.getByRole('table', { name: 'Attempts' })).toContainText('404');
    await expect(drawer.getByText('Demo', { exact: false }).first()).toBeVisible();
    slack.answer = () => ({ status: 200, body: 'ok' });
    await drawer.getByRole('button', { name: 'Try again' }).click();
    await expect(drawer.getByText('Sent', { exact: true })).toBeVisible();
    await expect(drawer.getByRole('table', { name: 'Attempts' })).toContainText('Arrived');
    await page.keyboard.press('Escape');
    await expect(drawer).toHaveCount(0);
  });

  await test.step('all that failed is tried again at once', async () => {
    mail.answer = () => 250;
    await page.getByRole('button', { name: 'Try all failed again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText(/messages? on the way again\./)).toBeVisible();
    // What answers the lead itself cannot leave: nobody has said under which address Baton is reached.
    const letter = table.getByRole('row').filter({ hasText: 'Letter: acknowledgement' });
    await expect(letter).toContainText('No public address is set up (BATON_URL)');
    await expect(mine).toHaveCount(0);
    await expect.poll(() => mail.mails.filter(({ to }) => to.includes(ann.email)).length).toBe(1);
  });

  await test.step('what arrived is sent a second time when asked twice', async () => {
    await state.getByText('All', { exact: true }).click();
    await byMail.getByRole('button', { name: /Nora North/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Delivery' });
    await drawer.getByRole('button', { name: 'Send again' }).click();
    await page
      .getByRole('dialog', { name: 'Send it again?' })
      .getByRole('button', { name: 'Send again' })
      .click();
    await expect(drawer.getByText('Sent again on request.')).toBeVisible();
    await expect(drawer.getByRole('table', { name: 'Attempts' })).toContainText('Arrived');
    expect(mail.mails.filter(({ to }) => to.includes(ann.email))).toHaveLength(2);
    await drawer.getByRole('link', { name: 'Open the contact' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Nora North' })).toBeVisible();
  });
});

test('a webhook is added, tested, told of a lead, and switched on again after it was gone', async ({
  page,
}) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  await page.goto(`${baton.url}/settings/webhooks`);
  await test.step('it is added, with its secret shown once', async () => {
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Address' }).fill(other.url);
    await dialog.getByLabel('Description (optional)').fill('Our CRM');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(dialog.getByText(/^Expected https:\/\//)).toBeVisible();
    await dialog.getByRole('switch', { name: 'May lie within your own network' }).click();
    await expect(dialog.getByText('inside your network')).toBeVisible();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByTestId('secret')).toHaveText(/^whsec_/);
    await page.getByRole('button', { name: 'Done' }).click();
  });
  const row = page
    .getByRole('list', { name: 'Webhooks' })
    .getByRole('listitem')
    .filter({ hasText: 'Our CRM' });

  await test.step('a test arrives, and its delivery shows it', async () => {
    await row.getByRole('button', { name: 'Send a test' }).click();
    const drawer = page.getByRole('dialog', { name: 'Delivery' });
    await expect(drawer.getByText('Sent', { exact: true })).toBeVisible();
    await expect(drawer.getByText('"type": "webhook.test"')).toBeVisible();
    expect(other.bodies).toEqual([expect.stringContaining('"webhook.test"')]);
  });

  await test.step('410 switches it off with the reason, and it is switched on again', async () => {
    other.status = 410;
    await sendCalls(page, baton, demoRequest('lead-two', 'Otto East'));
    await page.goto(`${baton.url}/settings/webhooks`);
    await expect(row.getByText(/^Switched off: .*410/)).toBeVisible();
    other.status = 200;
    await row.getByRole('button', { name: 'Switch on again' }).click();
    await expect(row.getByText('On', { exact: true })).toBeVisible();
  });

  await test.step('it gets a new secret', async () => {
    await row.getByRole('button', { name: 'More about Our CRM' }).click();
    await page.getByRole('menuitem', { name: 'New secret' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await expect(page.getByTestId('secret')).toHaveText(/^whsec_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(row.getByText(/^The secret before signs as well until/)).toBeVisible();
  });
});

test('a person chooses how to be told, gets a test, and reads it among the alerts', async ({ page }) => {
  await becomeAdmin(page, baton, 'Mara Admin');
  await page.goto(`${baton.url}/settings/notifications`);
  const signals = page.getByRole('switch', { name: 'Early signals: E-mail' });
  await signals.press('Space');
  await page.getByRole('switch', { name: 'Quiet hours' }).click();
  await page.getByRole('spinbutton', { name: 'Quiet from, hours' }).fill('20');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your notifications are saved.')).toBeVisible();
  await page.reload();
  await expect(signals).not.toBeChecked();
  await expect(page.getByRole('spinbutton', { name: 'Quiet from, hours' })).toHaveValue('20');
  const before = mail.mails.length;
  await page.getByRole('button', { name: 'Send me a test' }).click();
  await expect(page.getByText(/^A test is on its way/)).toBeVisible();
  await expect.poll(() => mail.mails.length).toBe(before + 1);
  await page.goto(`${baton.url}/alerts?show=unread`);
  const alerts = page.getByRole('list', { name: 'Alerts' }).getByRole('listitem');
  await expect(alerts.first()).toBeVisible();
  await page.getByRole('button', { name: 'Mark all as read' }).first().click();
  await expect(page.getByText('You have read everything')).toBeVisible();
});

/** Other people's software: keeps what is posted to it and answers as told. */
interface Other {
  readonly url: string;
  readonly bodies: string[];
  status: number;
  readonly close: () => Promise<void>;
}

async function openOther(): Promise<Other> {
  const bodies: string[] = [];
  const peer = { status: 200 };
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(peer.status).end('noted');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return Object.assign(peer, {
    url: `http://127.0.0.1:${port}/hooks/baton`,
    bodies,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  });
}
