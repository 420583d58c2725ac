import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/contract/api/diagnosis.ts';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { diagnose, getDoctor } from '../../src/server/operation/doctor.ts';
import { openCrew } from '../../src/server/operation/worker.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { openMailPeer } from '../world/peer.ts';
import { addAgreement, addContact, addEpisode, addUser, clear } from '../world/seed.ts';
import { clearPeople, startNode } from './started.ts';

/** Answers every call with one status and body, as Slack and HubSpot would. */
async function openPeer(status: number, body: unknown) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  };
}

const stateOf = ({ checks }: Diagnosis, name: string) => {
  const check = checks.find(one => one.name === name);
  return check === undefined ? 'none' : `${check.state}: ${check.text}`;
};

describe.each(DRIVERS)('the doctor on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script(`delete from worker; delete from setting where name = 'conservation'`);
    world = makeWorld(db, { now: Date.now() });
  });

  const look = (
    environment: Readonly<Record<string, string>> = {},
    peers?: Parameters<typeof diagnose>[0]['peers'],
  ) => {
    const { settings } = readSettings(environment);
    if (settings === null) throw new Error('wrong settings');
    return diagnose({
      settings,
      database: { kind: 'open', db },
      now: world.now,
      ...(peers === undefined ? {} : { peers }),
    });
  };

  test('finds all well while a node works', async () => {
    const crew = openCrew(world.app);
    const loop = crew.startLoop({ name: 'sweep', everyMs: 60_000, log: world.app.log }, async () => false);
    await loop.stop();
    await crew.report();
    const found = await look();
    expect(found.isWell).toBe(true);
    expect(stateOf(found, 'worker sweep')).toBe('ok: 0 s behind');
    expect(stateOf(found, 'outbox')).toBe('ok: 0 messages waiting; 0 failed');
    expect(stateOf(found, 'exceptions')).toBe('ok: 0 open, 0 overdue');
    expect(stateOf(found, 'rejected inbox')).toBe('ok: 0 calls of the last day could not be used');
    expect(stateOf(found, 'conservation')).toBe('ok: no lead is lost');
    expect(stateOf(found, 'mail')).toBe('off: not set up (SMTP_URL)');
    await crew.stop();
    expect(stateOf(await look(), 'workers')).toContain('wrong: no server is running');
  });

  test('tells of a worker that is behind or fails, of a node that went silent, and of the best of several', async () => {
    const crew = openCrew(world.app);
    let fails = false;
    const loop = crew.startLoop({ name: 'sweep', everyMs: 1_000, log: world.app.log }, async () => {
      if (fails) throw new Error('no\nsuch table');
      return false;
    });
    await loop.stop();
    const start = world.now();
    world.setNow(start + 61_000);
    await crew.report();
    expect(stateOf(await look(), 'worker sweep')).toBe('warning: 60 s behind');
    world.setNow(start + 400_000);
    await crew.report();
    expect(stateOf(await look(), 'worker sweep')).toBe('wrong: 7 min behind');
    const other = openCrew(world.app);
    fails = true;
    const failing = other.startLoop({ name: 'sweep', everyMs: 1_000, log: world.app.log }, async () => {
      throw new Error('no\nsuch table');
    });
    await failing.stop();
    await other.report();
    expect(stateOf(await look(), 'worker sweep')).toBe(
      'warning: 0 s behind; its last step failed: no such table',
    );
    world.setNow(start + 470_000);
    await other.report();
    const found = await look();
    expect(found.checks.find(({ name }) => name === 'workers')).toMatchObject({
      state: 'warning',
      text: expect.stringMatching(/^node .* is silent for 70 s$/),
    });
    world.setNow(start + 400_000 + 3_600_001);
    await other.report();
    expect((await look()).checks.filter(({ name }) => name === 'workers')).toEqual([]);
    await crew.stop();
    await other.stop();
  });

  test('compares the clocks', async () => {
    const clock = async (offset: number) => {
      world.setNow(Date.now() + offset);
      return stateOf(await look(), 'clock').split(':')[0];
    };
    expect([await clock(0), await clock(5_000), await clock(-5_000), await clock(60_000)]).toEqual([
      'ok',
      'warning',
      'warning',
      'wrong',
    ]);
  });

  test('names migrations that were not run, and looks no further; and those that it does not know', async () => {
    await db.script(`insert into migration (name) values ('9999-later.sql')`);
    expect(stateOf(await look(), 'migrations')).toContain('warning: the database has 1 migration that');
    await db.script(`delete from migration where name in ('9999-later.sql', '0012-proof.sql')`);
    const found = await look();
    expect(stateOf(found, 'migrations')).toBe('wrong: 1 migration not run: 0012-proof.sql');
    expect(stateOf(found, 'outbox')).toBe('none');
    await db.script(`insert into migration (name) values ('0012-proof.sql')`);
  });

  test('tells of messages that wait long or failed, and of exceptions that are overdue', async () => {
    await db.script(`insert into outbox (id, channel, recipient, subject, payload, state, attempts, created_at, next_attempt_at)
      values (gen_random_uuid(), 'email', 'a@acme.example', 's', '{}', 'waiting', 0, now() - interval '20 minutes', now()),
        (gen_random_uuid(), 'in_app', 'ann', 's', '{}', 'failed', 0, now(), null);
      insert into exception (id, kind, reason, subject, detail, particulars, opened_at, due_at)
      values (gen_random_uuid(), 'delivery', 'gave_up', 'x', '', '{}', now(), now() - interval '1 minute')`);
    const found = await look();
    expect(stateOf(found, 'outbox')).toBe('warning: 1 message waiting, the oldest for 20 min; 1 failed');
    expect(stateOf(found, 'exceptions')).toBe('warning: 1 open, 1 overdue');
    await db.script('delete from outbox; delete from exception');
  });

  test('tells of mail to leads that cannot leave, and of letters that failed', async () => {
    const ready = { SMTP_URL: 'smtp://127.0.0.1:1', BATON_URL: 'https://baton.acme.example' };
    expect(stateOf(await look(), 'letters')).toBe('off: the agreement sends no mail to leads');
    await addAgreement(db, {
      body: {
        agreement: 1,
        name: 'core',
        scores: { fit: {} },
        templates: { hi: { subject: 'Hi', text: 'Hi' } },
        nurture: [{ id: 'later', steps: [{ wait: '1d', email: 'hi' }] }],
      },
    });
    expect(stateOf(await look(ready), 'letters')).toBe('ok: mail to leads leaves; none failed');
    expect(stateOf(await look({ SMTP_URL: ready.SMTP_URL }), 'letters')).toBe(
      'warning: the agreement sends mail to leads, but no public address is set up (BATON_URL)',
    );
    const contactId = await addContact(db, { email: 'lea@lead.example' });
    await db.script(`insert into letter (id, purpose, key, contact_id, agreement_id, version, entry, template, state, created_at, not_before)
      select gen_random_uuid(), 'nurture', k, '${contactId}', 'core', 1, 'later', 'hi', k, now(), now()
      from unnest(array['failed', 'waiting', 'refused', 'sent']) as k;
      insert into outbox (id, channel, recipient, subject, payload, state, created_at)
      select id, 'email', 'lea@lead.example', 's', '{"kind": "letter"}', case state when 'sent' then 'sent' else 'failed' end, now()
      from letter`);
    expect(stateOf(await look(ready), 'letters')).toBe('warning: 2 letters to leads could not be sent');
    expect(stateOf(await look(), 'letters')).toBe(
      'warning: the agreement sends mail to leads, but no mail server is set up (SMTP_URL) and no public address is set up (BATON_URL); 2 letters to leads could not be sent',
    );
    await db.script('delete from letter; delete from outbox');
  });

  test('names lost leads, with what to do', async () => {
    await addAgreement(db);
    const contactId = await addContact(db);
    await addUser(db, { name: 'Ann' });
    const episodeId = await addEpisode(db, { contactId, handedOffAt: world.now(), ownerId: 'ann' });
    const found = await look();
    expect(found.isWell).toBe(false);
    expect(stateOf(found, 'conservation')).toBe(
      "wrong: 1 open lead that nobody touched is on nobody's task list",
    );
    expect(found.breaches).toMatchObject([{ kind: 'no_task', examples: [{ contactId, episodeId }] }]);
  });

  test('answers admins alone over the API', async () => {
    await clearPeople(db);
    const node = await startNode(db, { handlers: { getDoctor } });
    try {
      const ask = async (role: 'admin' | 'manager') => {
        const { secret } = await makeKey(
          node.app,
          { name: role, kind: 'api', role },
          { actor: 'a test', now: 0 },
        );
        const headers = { authorization: `Bearer ${secret}` };
        return node.server.inject({ method: 'GET', url: '/api/doctor', headers });
      };
      expect((await ask('manager')).statusCode).toBe(403);
      const answer = await ask('admin');
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ isWell: false, breaches: [] });
    } finally {
      await node.close();
    }
    expect(
      await getDoctor(world.as(person('ann', 'admin')), {
        params: undefined,
        query: undefined,
        body: undefined,
      }),
    ).toMatchObject({
      isWell: false,
    });
  });
});

describe('the doctor asks peers', () => {
  const shut = { kind: 'shut', check: { name: 'database', state: 'wrong', text: 'x', advice: 'y' } } as const;
  const look = async (environment: Readonly<Record<string, string>>, url = 'http://127.0.0.1:1') => {
    const { settings } = readSettings(environment);
    if (settings === null) throw new Error('wrong settings');
    return diagnose({
      settings,
      database: shut,
      now: Date.now,
      peers: { slackUrl: url, hubspotUrl: url },
    });
  };

  test('the mail server, without sending', async () => {
    const mail = await openMailPeer();
    const found = await look({ SMTP_URL: `${mail.url}?from=baton@acme.example` });
    expect(stateOf(found, 'mail')).toMatch(/^ok: 127\.0\.0\.1:\d+ takes mail from us$/);
    expect(mail.mails).toEqual([]);
    await mail.close();
    expect(stateOf(await look({ SMTP_URL: mail.url }), 'mail')).toMatch(/^wrong: .*ECONNREFUSED/);
  });

  test('Slack, with the token of the bot', async () => {
    const slack = await openPeer(200, { ok: true, team: 'Acme', user: 'baton' });
    expect(stateOf(await look({ SLACK_BOT_TOKEN: 'xoxb-1' }, slack.url), 'slack bot')).toBe(
      'ok: signed in to Acme as baton',
    );
    expect(slack.asked).toEqual(['POST /api/auth.test Bearer xoxb-1']);
    await slack.close();
    const refusing = await openPeer(200, { ok: false, error: 'token_revoked' });
    const found = await look({ SLACK_BOT_TOKEN: 'xoxb-1' }, refusing.url);
    expect(stateOf(found, 'slack bot')).toBe('wrong: Slack refuses the token: token_revoked');
    await refusing.close();
    expect(stateOf(await look({ SLACK_BOT_TOKEN: 'xoxb-1' }), 'slack bot')).toMatch(
      /^wrong: Slack cannot be asked/,
    );
  });

  test('the host of the Slack webhook, without posting and without showing its secret', async () => {
    const found = await look({ SLACK_WEBHOOK_URL: 'http://127.0.0.1:1/services/T0/B0/secret' });
    expect(stateOf(found, 'slack webhook')).toMatch(/^ok: 127\.0\.0\.1 is known/);
    const unknown = await look({ SLACK_WEBHOOK_URL: 'https://slack.invalid/services/T0/B0/secret' });
    expect(stateOf(unknown, 'slack webhook')).toMatch(/^wrong: slack\.invalid cannot be found/);
    expect(JSON.stringify([found, unknown])).not.toContain('secret');
  });

  test('the CRM, by one call', async () => {
    const crm = await openPeer(200, { portalId: 1 });
    expect(stateOf(await look({ HUBSPOT_ACCESS_TOKEN: 't' }, crm.url), 'crm')).toBe(
      'ok: HubSpot accepts the token',
    );
    expect(crm.asked).toEqual(['GET /account-info/v3/details Bearer t']);
    await crm.close();
    const refusing = await openPeer(401, {});
    const found = await look({ HUBSPOT_ACCESS_TOKEN: 't' }, refusing.url);
    expect(stateOf(found, 'crm')).toBe('wrong: HubSpot answers 401 to the token');
    await refusing.close();
  });
});
