import { z } from 'zod';
import { type AlertBody, alertPayload, CHANNELS } from '../../core/alert/message.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import type { SlackTarget } from '../../core/delivery/recipient.ts';
import { nextDue } from '../../core/followup/due.ts';
import { unreachable } from '../../core/unreachable.ts';
import { loadAddressees, loadTeamPeople } from '../../db/alert/signal.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import type { App } from '../app.ts';
import { promiseEvents } from './hook.ts';
import { type Notice, notify } from './notify.ts';

/** What a throttle keeps of an alert that it holds back. */
export const storedSignal = z.object({
  rule: z.string(),
  label: z.string(),
  to: z.enum(['owner', 'team', 'channel']),
  via: z.array(z.enum(CHANNELS)),
  everyMs: z.number(),
  fallback: z.string().nullable(),
  version: z.number(),
  payload: alertPayload.omit({ alertId: true }),
});

/** An alert to send, before its addressees are known. Times in epoch ms. */
export interface Signal extends Readonly<z.infer<typeof storedSignal>> {
  readonly contactId: string;
  readonly agreementId: string;
  readonly at: number;
  readonly grouped: { readonly count: number; readonly since: number } | null;
  /** Whether people hear of it by the handoff of the same call: then only other software is notified. */
  readonly isKnown: boolean;
}

const keyOf = (contactId: string, agreementId: string) => `${contactId} ${agreementId}`;

/** Notifies the people who look after each lead now of signals, with journal and webhooks. */
export async function notifySignals(sql: Sql, app: App, signals: readonly Signal[]): Promise<void> {
  if (signals.length === 0) return;
  const now = Math.max(...signals.map(({ at }) => at));
  const addressees = new Map(
    (await loadAddressees(sql, signals, now)).map(row => [keyOf(row.contact_id, row.agreement_id), row]),
  );
  const found = signals.map(signal => ({
    signal,
    who: addressees.get(keyOf(signal.contactId, signal.agreementId)) ?? null,
  }));
  const news = found.filter(({ signal }) => !signal.isKnown);
  const teams = news.flatMap(({ signal, who }) =>
    signal.to === 'owner' && who !== null && who.owner_id !== null && !who.is_away ? [] : [who?.team ?? ''],
  );
  const people = teams.length === 0 ? new Map() : await loadTeamPeople(sql, [...new Set(teams)]);
  const notices = news.map(({ signal, who }) =>
    noticeOf(app, signal, { who, teamPeople: people.get(who?.team ?? '') ?? [] }),
  );
  await notify(sql, app, notices);
  await addJournal(
    sql,
    news.map(({ signal, who }) => entryOf(signal, who?.episode_id ?? null)),
  );
  const facts = found.filter(({ signal }) => signal.via.includes('webhook'));
  if (facts.length === 0) return;
  await promiseEvents(
    sql,
    facts.map(({ signal, who }) => ({
      type: 'alert.sent',
      at: signal.at,
      contactId: signal.contactId,
      episodeId: who?.episode_id ?? null,
      data: {
        alert: signal.rule,
        label: signal.label,
        sentence: signal.payload.sentence,
        lead: signal.payload.lead,
        total: signal.payload.total,
        grade: signal.payload.grade,
        owner: who?.owner_name ?? null,
        more: signal.grouped?.count ?? 0,
      },
    })),
  );
}

function entryOf(signal: Signal, episodeId: string | null): JournalEntry {
  const { rule, label, to, contactId, agreementId, version, at } = signal;
  const particulars = { rule, label, text: signal.payload.sentence, to, more: signal.grouped?.count ?? 0 };
  return entry('alert', particulars, { contactId, episodeId, agreementId, version, at, by: 'alerts' });
}

type Addressee = Awaited<ReturnType<typeof loadAddressees>>[number];

function noticeOf(
  app: App,
  signal: Signal,
  of: { readonly who: Addressee | null; readonly teamPeople: readonly string[] },
): Notice {
  const { who, teamPeople } = of;
  const { grouped, label, at, via } = signal;
  const due = who?.state === 'open' ? dueOf(who) : null;
  const payload: AlertBody = {
    ...signal.payload,
    episodeId: who?.episode_id ?? null,
    ownerName: who?.owner_name ?? null,
    ...(due === null ? {} : { dueAt: due.at, dueKind: due.kind }),
    ...(who === null || who.total === null ? {} : { handedOver: { total: who.total, grade: who.grade } }),
    ...(grouped === null ? {} : { grouped }),
  };
  const base = { payload, at, label, via };
  switch (signal.to) {
    case 'owner': {
      const owner = who?.owner_id ?? null;
      if (owner === null) return { ...base, to: teamPeople };
      if (who?.is_away !== true) return { ...base, to: [owner] };
      // Nobody may come back from leave to a lead that has gone cold.
      const more = ` ${who.owner_name ?? 'The owner'} is away.`;
      return { ...base, to: [owner, ...teamPeople], payload: saidMore(payload, more) };
    }
    case 'team':
      return { ...base, to: teamPeople };
    case 'channel': {
      const { SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL } = app.settings;
      const channel = who?.slack_channel ?? null;
      const isReachable =
        SLACK_WEBHOOK_URL !== undefined || (SLACK_BOT_TOKEN !== undefined && channel !== null);
      // Without a channel to tell, its people are told: a rule that nobody hears is a lead that nobody sees.
      return isReachable && via.includes('slack')
        ? { ...base, to: [], places: [placeOf(channel)] }
        : { ...base, to: teamPeople };
    }
    default:
      return unreachable(signal.to);
  }
}

function saidMore(payload: AlertBody, more: string): AlertBody {
  const { grounds, sentence } = payload;
  const said = { ...payload, sentence: `${sentence}${more}` };
  return grounds === undefined
    ? said
    : { ...said, grounds: { ...grounds, after: `${grounds.after}${more}` } };
}

function placeOf(channel: string | null): SlackTarget {
  return channel === null ? { kind: 'slackWebhook' } : { kind: 'slackChannel', name: channel };
}

function dueOf(who: Addressee) {
  return nextDue({
    firstTouchAt: who.first_touch_at,
    firstTouchDueAt: who.first_touch_due_at,
    decisionDueAt: who.decision_due_at,
  });
}
