import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { addLetters } from '../../src/db/letter/letter.ts';
import { stopToken } from '../../src/loop/letter/unsubscribe.ts';
import { DRIVERS } from '../db/opened.ts';
import { empty } from '../world/empty.ts';
import { addContact, clear } from '../world/seed.ts';
import { type Started, startNode } from './started.ts';

const LETTER = '77777777-2222-4333-8444-555555555555';

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  let token = '';
  beforeAll(async () => {
    db = await driver.open();
    node = await startNode(db);
  });
  afterAll(async () => {
    await node.close();
    await db.close();
  });
  beforeEach(async () => {
    await clear(db);
    await empty(db, ['letter', 'letter_stop', 'letter_news', 'journal']);
    const contactId = await addContact(db, { email: 'lea@lead.example' });
    await addLetters(db, [
      {
        id: LETTER,
        purpose: 'nurture',
        key: 'k',
        contactId,
        episodeId: null,
        agreementId: 'core',
        version: 1,
        entry: 'track',
        template: 'hello',
        fromAddress: null,
        ownerId: null,
        state: 'sent',
        because: null,
        createdAt: 0,
        notBefore: 0,
        address: 'lea@lead.example',
      },
    ]);
    token = await stopToken(node.app, LETTER);
  });

  const ask = async (path: string, given: { readonly body?: string; readonly type?: string } = {}) => {
    const { body, type = 'application/x-www-form-urlencoded' } = given;
    const call = body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, payload: body };
    const headers = body === undefined ? {} : { 'content-type': type };
    const answer = await node.server.inject({ url: path, headers, ...call });
    return { status: answer.statusCode, text: answer.body, headers: answer.headers };
  };
  const post = (body: string, type?: string) =>
    ask(`/unsubscribe/${token}`, type === undefined ? { body } : { body, type });
  const stops = async () => {
    const text = 'select ended_at is not null as ended from letter_stop';
    return (await db.run<{ ended: boolean }>({ name: '', text }, [])).map(({ ended }) => ended);
  };

  test('a look stops nothing, the button does, and it can be taken back', async () => {
    const seen = await ask(`/unsubscribe/${token}`);
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('>Unsubscribe</button>');
    expect(seen.text).toContain('l…@lead.example');
    expect(seen.text).not.toContain('lea@lead.example');
    expect(seen.text).not.toContain('<script');
    expect(seen.headers['cache-control']).toBe('no-store');
    expect(await stops()).toEqual([]);
    expect((await post('wish=stop')).text).toContain('You are unsubscribed');
    expect((await ask(`/unsubscribe/${token}`)).text).toContain('Subscribe again');
    expect(await stops()).toEqual([false]);
    expect((await post('wish=again')).text).toContain('You are subscribed again');
    expect(await stops()).toEqual([true]);
  });

  test.each([
    ['a form', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    [
      'parts',
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
      'multipart/form-data; boundary=x',
    ],
  ])('one click of a mail program stops, once: %s', async (_name, body, type) => {
    expect((await post(body, type)).status).toBe(200);
    expect((await post(body, type)).status).toBe(200);
    expect(await stops()).toEqual([false]);
  });

  test.each(['x', `${LETTER}.AAAA`, `88888888${LETTER.slice(8)}.x`, '..%2f..%2fetc', '<script>'])(
    'a token that no letter carries learns nothing: %s',
    async wrong => {
      const path = `/unsubscribe/${encodeURIComponent(wrong)}`;
      for (const init of [{}, { body: 'wish=stop' }]) {
        const answer = await ask(path, init);
        expect(answer.status).toBe(404);
        expect(answer.text).not.toContain('<script>');
        expect(answer.text).not.toContain('lead.example');
      }
      expect(await stops()).toEqual([]);
    },
  );

  test('the link of a test stops nothing', async () => {
    expect((await ask('/unsubscribe/test', { body: 'a=b' })).text).toContain('This was a test');
  });
});
