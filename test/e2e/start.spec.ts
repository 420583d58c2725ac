import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { type MailPeer, openMailPeer } from '../world/peer.ts';
import { type Baton, startBaton } from './server.ts';

let baton: Baton;
let mail: MailPeer;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  mail = await openMailPeer();
  baton = await startBaton({ SMTP_URL: mail.url });
});
test.afterAll(async () => {
  await baton.stop();
  await mail.close();
});

/** Serves a page of a website with a form, and the script element that Baton shows. */
async function startWebsite(script: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Pricing</title>${script}
      <form data-baton-event="Demo Requested" onsubmit="return false">
        <input name="first_name"><input name="Last-Name"><input type="email" name="e"><input name="company">
        <input name="job_title"><input type="password" name="phone" value="hidden"><button>Ask</button>
      </form>`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/pricing?utm_source=news&utm_campaign=june`,
    stop: () => server.close(),
  };
}

/** The link in the last mail to somebody. */
function linkTo(recipient: string): string | undefined {
  const last = mail.mails.findLast(({ to }) => to.includes(recipient));
  return /http\S+#token=[\w.-]+/.exec(last?.parts.get('text/plain') ?? '')?.[0];
}

test('an admin of an empty Baton is led to the first lead: people, teams, website, mail; each ticked by what is there', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  await page.goto(baton.url);
  await page.getByLabel('Your name').fill('Mara Holt');
  await page.getByLabel('E-mail').fill('mara@northwind.example');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Begin' }).click();
  // What is missing is said once.
  await expect(page.getByText('more characters')).toHaveCount(1);
  await page.getByLabel('Password', { exact: true }).fill('long enough to keep');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { name: 'First steps', level: 1 })).toBeVisible();
  await expect(page.getByText('1 of 6 done')).toBeVisible();

  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Bob Ray');
  await dialog.getByLabel('E-mail').fill('bob@northwind.example');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('is on its way to bob@northwind.example')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('2 of 6 done')).toBeVisible();

  await page.getByRole('button', { name: /Make the teams/ }).click();
  await page.getByRole('button', { name: 'Make North America' }).click();
  await expect(page.getByRole('list', { name: 'Teams' }).getByText('North America')).toBeVisible();

  await page.getByRole('button', { name: /Connect your website/ }).click();
  await page.getByRole('button', { name: /Make (the key|another key)/ }).click();
  await expect(page.getByText('Waiting for the first call')).toBeVisible();
  const script = await page.getByText('<script async').textContent();
  const website = await startWebsite(script ?? '');
  const visitor = await browser.newPage();
  const complaints: string[] = [];
  visitor.on('console', message => complaints.push(message.text()));
  await visitor.goto(website.url);
  await visitor.locator('[name=first_name]').fill('Ann');
  await visitor.locator('[name=Last-Name]').fill('Lee');
  await visitor.locator('[name=e]').fill('ann@tidewright.example');
  await visitor.locator('[name=company]').fill('Tidewright');
  await visitor.locator('[name=job_title]').fill('VP Finance');
  await visitor.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('Received: “Demo Requested”')).toBeVisible({ timeout: 15_000 });
  const find = async (q: string) => (await page.request.get(`${baton.url}/api/contacts?q=${q}`)).json();
  const { items } = await find('ann%40tidewright');
  expect(items).toMatchObject([{ name: 'Ann Lee', title: 'VP Finance', company: 'Tidewright' }]);
  const ann = await (await page.request.get(`${baton.url}/api/contacts/${items[0].id}`)).json();
  expect(ann.contact.phone).toBeUndefined();
  // The name of the page holds nothing of ours, and a second person at the same browser is another contact.
  expect(await visitor.evaluate(() => Object.keys(window).filter(name => name === 'baton'))).toEqual([
    'baton',
  ]);
  await visitor.evaluate("baton.identify({ email: 'ben@other.example' }); baton.track('Signed Up')");
  await expect.poll(async () => (await find('ben%40other')).items.length).toBe(1);
  const { items: again } = await find('ann%40tidewright');
  expect(again).toHaveLength(1);
  expect(complaints).toEqual([]);
  await visitor.close();
  website.stop();

  await page.getByRole('button', { name: /Send mail/ }).click();
  mail.answer = () => 550;
  await page.getByRole('button', { name: 'Send a test mail to me' }).click();
  await expect(page.getByText(/Not sent\. .*550/)).toBeVisible();
  mail.answer = () => 250;
  await page.getByRole('button', { name: 'Send a test mail to me' }).click();
  await expect(page.getByText('Sent to mara@northwind.example')).toBeVisible();

  await page.getByRole('button', { name: 'Leave this for now' }).click();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await page.goto(`${baton.url}/settings`);
  await page.getByRole('link', { name: 'First steps' }).click();
  await expect(page.getByRole('heading', { name: 'First steps', level: 1 })).toBeVisible();
});

test('a person who is invited chooses a password, and another one when they have forgotten it', async ({
  page,
}) => {
  await expect.poll(() => linkTo('bob@northwind.example')).toBeDefined();
  const invitation = linkTo('bob@northwind.example') ?? '';
  await page.goto(invitation);
  await expect(page.getByRole('heading', { name: 'Welcome, Bob Ray' })).toBeVisible();
  await page.getByLabel('New password').fill('rafoki betuza');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'Signed in as Bob Ray' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill('bob@northwind.example');
  await dialog.getByRole('button', { name: 'Send the link' }).click();
  await expect(dialog.getByText('If somebody has the address')).toBeVisible();
  await expect.poll(() => linkTo('bob@northwind.example')).not.toBe(invitation);
  await page.goto(linkTo('bob@northwind.example') ?? '');
  await page.getByLabel('New password').fill('wenimo rafoki');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await page.goto(invitation);
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
});
