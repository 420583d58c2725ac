import { lookup } from 'node:dns/promises';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Check } from '../../contract/api/diagnosis.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { Settings } from '../../loop/settings.ts';

/** How long a peer may keep a check waiting, in ms. */
const TIMEOUT_MS = 5_000;

/** Where the services are that a check asks. */
export interface Peers {
  readonly slackUrl: string;
  readonly hubspotUrl: string;
}

const PEERS: Peers = { slackUrl: 'https://slack.com', hubspotUrl: 'https://api.hubapi.com' };

/** Checks what Baton sends to: the mail server, Slack and the CRM; nothing is sent to a person. */
export function checkPeers(settings: Settings, peers: Peers = PEERS): Promise<readonly Check[]> {
  return Promise.all([
    checkMail(settings.SMTP_URL),
    checkSlackBot(settings.SLACK_BOT_TOKEN, peers),
    checkSlackWebhook(settings.SLACK_WEBHOOK_URL),
    checkCrm(settings.HUBSPOT_ACCESS_TOKEN, peers),
  ]);
}

async function checkMail(smtpUrl: string | undefined): Promise<Check> {
  if (smtpUrl === undefined) return off('mail', 'SMTP_URL');
  const url = new URL(smtpUrl);
  url.searchParams.delete('from');
  const transport = createTransport({
    url: url.href,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.verify();
    return ok('mail', `${url.host} takes mail from us`);
  } catch (error) {
    const advice = 'Look at SMTP_URL: host, port, user and password; then whether a firewall lets us out.';
    return wrong('mail', `${url.host} does not take our mail: ${messageOf(error)}`, advice);
  } finally {
    transport.close();
  }
}

const slackAnswer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  team: z.string().optional(),
  user: z.string().optional(),
});

async function checkSlackBot(token: string | undefined, { slackUrl }: Peers): Promise<Check> {
  const name = 'slack bot';
  if (token === undefined) return off(name, 'SLACK_BOT_TOKEN');
  try {
    const reply = await fetch(`${slackUrl}/api/auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { ok: isKnown, error, team, user } = slackAnswer.parse(await reply.json());
    if (isKnown) return ok(name, oneLine(`signed in to ${team ?? 'Slack'} as ${user ?? 'a bot'}`, 200));
    const advice = 'Make a new bot token in the settings of the Slack app and set SLACK_BOT_TOKEN.';
    return wrong(name, oneLine(`Slack refuses the token: ${error ?? 'no reason given'}`, 200), advice);
  } catch (error) {
    return wrong(
      name,
      `Slack cannot be asked: ${messageOf(error)}`,
      'Look whether a firewall lets us out to slack.com.',
    );
  }
}

/** An incoming webhook cannot be tried without posting; that its host is there is all that can be said. */
async function checkSlackWebhook(address: string | undefined): Promise<Check> {
  const name = 'slack webhook';
  if (address === undefined) return off(name, 'SLACK_WEBHOOK_URL');
  const { hostname } = new URL(address);
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''));
    return ok(name, `${hostname} is known; whether it takes messages shows when one is sent`);
  } catch (error) {
    const advice = 'Look at SLACK_WEBHOOK_URL, and whether this machine can resolve names.';
    return wrong(name, `${hostname} cannot be found: ${messageOf(error)}`, advice);
  }
}

async function checkCrm(token: string | undefined, { hubspotUrl }: Peers): Promise<Check> {
  if (token === undefined) return off('crm', 'HUBSPOT_ACCESS_TOKEN');
  try {
    const reply = await fetch(`${hubspotUrl}/account-info/v3/details`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await reply.body?.cancel();
    if (reply.ok) return ok('crm', 'HubSpot accepts the token');
    const advice = 'Make a new access token in HubSpot and set HUBSPOT_ACCESS_TOKEN.';
    return wrong('crm', `HubSpot answers ${reply.status} to the token`, advice);
  } catch (error) {
    return wrong(
      'crm',
      `HubSpot cannot be asked: ${messageOf(error)}`,
      'Look whether a firewall lets us out to api.hubapi.com.',
    );
  }
}

/** What went wrong, on one line; the cause where the error itself says little. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error), 200);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return oneLine(cause.message === '' ? code || cause.name : cause.message, 200);
}

/** A check that found nothing wrong. */
export function ok(name: string, text: string): Check {
  return { name, state: 'ok', text, advice: null };
}

/** A check that found something to look at. */
export function warning(name: string, text: string, advice: string): Check {
  return { name, state: 'warning', text, advice };
}

/** A check that found something to mend. */
export function wrong(name: string, text: string, advice: string): Check {
  return { name, state: 'wrong', text, advice };
}

function off(name: string, setting: string): Check {
  return { name, state: 'off', text: `not set up (${setting})`, advice: null };
}
