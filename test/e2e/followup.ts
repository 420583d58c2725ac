import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type Mail, openMailPeer } from '../world/peer.ts';
import { test as base, expect } from './demo.ts';
import {
  addPerson,
  type Baton,
  type Credentials,
  callApi,
  findPort,
  sendCalls,
  startBaton,
} from './server.ts';

/** An agreement in which a hand-raiser is answered, and a lead whose time has not come gets two mails, a second apart. */
const AGREEMENT = {
  agreement: 1,
  name: 'Follow-up',
  scores: { fit: { label: 'Fit' }, intent: { label: 'Intent' } },
  rules: [
    {
      id: 'vp',
      label: 'Vice president',
      score: 'fit',
      points: 20,
      when: { 'contact.title': { hasWord: ['vp'] } },
    },
    {
      id: 'demo',
      label: 'Asked for a demo',
      score: 'intent',
      points: 40,
      on: 'Demo Requested',
      window: '30d',
    },
  ],
  mql: [{ id: 'hand_raiser', label: 'Asked to talk', did: { on: 'Demo Requested', within: '7d' } }],
  routing: [
    { id: 'all', label: 'Everybody', when: { all: [] }, to: { owner: 'rosa.reed@northwind.example' } },
    { fallback: 'sales' },
  ],
  sla: [{ id: 'all', when: { all: [] }, firstTouch: '1h', decision: '5d', calendar: 'always' }],
  sql: { framework: 'bant', require: ['need', 'authority'] },
  reasons: [
    { id: 'timing', label: 'Bad timing', then: 'recycle', wait: '90d', nurture: 'later', sameOwner: true },
  ],
  templates: {
    thanks: {
      subject: 'Thank you, {{ contact.firstName | default: "there" }}',
      text: 'My name is {{ sender.name }}, and I will call you shortly.',
    },
    news: { subject: 'What changed since we spoke', text: 'A few things did. {{ sender.firstName }}' },
    better: { subject: 'Is now a better time?', text: 'Just answer. {{ sender.firstName }}' },
  },
  outreach: [
    { id: 'hand_raiser', label: 'Asked to talk', on: 'Demo Requested', email: 'thanks', from: 'owner' },
  ],
  nurture: [
    {
      id: 'later',
      label: 'Stay in touch',
      steps: [
        { wait: '1s', email: 'news' },
        { wait: '1s', email: 'better' },
      ],
    },
  ],
};

/** A Baton with its own agreement, a mail server that it writes through, and a rep who owns every lead. */
export interface Office {
  readonly baton: Baton;
  readonly rep: Credentials;
  /** The mails to an address so far, the oldest first. */
  readonly mailsTo: (address: string) => readonly Mail[];
}

/** Tests of work on leads after their handoff, and of the mails that leads get: all of one worker share an office. */
export const test = base.extend<object, { readonly office: Office }>({
  office: [
    async ({ playwright }, use) => {
      const mail = await openMailPeer();
      const folder = mkdtempSync(join(tmpdir(), 'baton-agreement-'));
      const agreement = join(folder, 'agreement.yaml');
      writeFileSync(agreement, JSON.stringify(AGREEMENT));
      const port = String(await findPort());
      const baton = await startBaton(
        {
          SMTP_URL: mail.url,
          MAIL_FROM: 'Northwind <hello@northwind.example>',
          BATON_URL: `http://127.0.0.1:${port}`,
        },
        ['--port', port, '--agreement', agreement],
      );
      const request = await playwright.request.newContext();
      try {
        const rep = await addPerson({ request }, baton, 'Rosa Reed');
        const mailsTo = (address: string) => mail.mails.filter(({ to }) => to.includes(address));
        await use({ baton, rep, mailsTo });
      } finally {
        await request.dispose();
        await baton.stop();
        await mail.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

/** A lead of the office, and the page signed in as the rep who has it. */
export interface Lead {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Somebody asks for a demo, and the rep who gets the lead signs in. */
export async function raiseHand(page: Page, { baton, rep }: Office, name: string): Promise<Lead> {
  const { email: address, password } = rep;
  const [firstName = '', lastName] = name.split(' ');
  const userId = firstName.toLowerCase();
  const email = `${userId}@lead.example`;
  const traits = { firstName, lastName, email, title: 'VP Finance', company: { name: `${firstName} Ltd` } };
  await sendCalls(page, baton, [
    { type: 'identify', userId, traits },
    { type: 'track', userId, event: 'Demo Requested', properties: {} },
  ]);
  const signed = await page.request.post(`${baton.url}/api/sign-in`, { data: { email: address, password } });
  expect(signed.ok(), await signed.text()).toBe(true);
  const { items } = await callApi(page, baton, { method: 'GET', path: `/api/contacts?q=${email}` });
  return { id: items[0].id, name, email };
}

export { expect };
