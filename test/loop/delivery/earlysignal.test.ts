import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSettings } from '../../../src/loop/settings.ts';
import { type Running, startServer } from '../../../src/server/start.ts';
import { DRIVERS } from '../../db/opened.ts';
import { type MailPeer, openMailPeer, openSlackPeer, type SlackPeer } from '../../world/peer.ts';
import { addAgreement, addUser } from '../../world/seed.ts';

const KEY = 'a-server-write-key-of-tests';
const AGREEMENT = {
  agreement: 1,
  name: 'Early',
  scores: { fit: {} },
  mql: [{ id: 'never', when: { total: { gte: 1000 } } }],
  alerts: [{ id: 'demo', label: 'Asked for a demo', on: 'Demo Requested' }],
};

describe.each(DRIVERS)('on $name', driver => {
  let running: Running;
  let mail: MailPeer;
  let slack: SlackPeer;
  beforeEach(async () => {
    [mail, slack] = await Promise.all([openMailPeer(), openSlackPeer()]);
    const { settings, problems } = readSettings({
      BATON_PORT: '0',
      BATON_WRITE_KEY: KEY,
      BATON_URL: 'https://baton.acme.example',
      SMTP_URL: mail.url,
      SLACK_WEBHOOK_URL: slack.url,
      LOG_LEVEL: 'silent',
    });
    if (problems !== null) throw new Error(problems.join('; '));
    const database = await driver.open();
    await addAgreement(database, { body: AGREEMENT });
    await addUser(database, { name: 'Mia Fox', role: 'manager' });
    running = await startServer({ settings, database, log: pino({ level: 'silent' }) });
  });
  afterEach(async () => {
    await running.stop();
    await Promise.all([mail.close(), slack.close()]);
  });

  const send = async (path: string, call: object) => {
    const authorization = `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${running.url}/v1/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(call),
    });
    expect(answer.status).toBe(200);
  };

  test('a call raises an alert that leaves by mail and Slack long before the contact qualifies', async () => {
    const traits = { name: '<b>Ann</b> <!channel>', email: 'ann@acme.com', title: 'VP Sales' };
    await send('identify', { userId: 'u1', messageId: 'm1', traits });
    await send('track', { userId: 'u1', messageId: 'm2', event: 'Demo Requested' });
    await send('track', { userId: 'u1', messageId: 'm2', event: 'Demo Requested' });
    await vi.waitFor(() => expect([mail.mails.length, slack.posts.length]).toEqual([1, 1]), {
      timeout: 8000,
    });
    const [letter] = mail.mails;
    expect(letter?.to).toEqual(['mia@acme.example']);
    expect(letter?.headers.get('subject')).toContain(
      'Asked for a demo: <b>Ann</b> <!channel>, acme.\u2060com',
    );
    expect(letter?.parts.get('text/html')).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(letter?.parts.get('text/plain')).toContain('Open the lead: https://baton.acme.example/contacts/');
    const posted = JSON.stringify(slack.posts[0]);
    expect(posted).not.toContain('<!channel>');
    expect(posted).toContain('Asked for a demo');
  });
});
