import type { AlertBody } from '../../core/alert/message.ts';
import { raisedInWords } from '../../core/alert/recent.ts';
import {
  type Alarms,
  afterSilence,
  alarmsRaised,
  isHeard,
  openAlarms,
  type Raised,
  silenceBefore,
  VISIT_MS,
} from '../../core/alert/rule.ts';
import { release, type Throttle, throttle } from '../../core/alert/throttle.ts';
import type { Happening } from '../../core/condition/event.ts';
import { groupBy } from '../../core/contact/group.ts';
import { groundsOf, topLines } from '../../core/explanation/sentence.ts';
import { groundsWords } from '../../core/scoring/ground.ts';
import type { Program } from '../../core/scoring/program.ts';
import { DATED } from '../../core/time/recency.ts';
import {
  findDueThrottles,
  loadThrottles,
  loadVisits,
  type NewThrottle,
  saveThrottles,
  type ThrottleRow,
  takeDueThrottles,
} from '../../db/alert/signal.ts';
import type { Sql } from '../../db/database.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { type Lead, leadPerson } from '../scoring/lead.ts';
import { sweepBatch } from '../sweep.ts';
import { notifySignals, type Signal, storedSignal } from './notice.ts';
import { loadRecent } from './recent.ts';

const opened = new WeakMap<Program, { readonly alarms: Alarms | null }>();

function alarmsOf({ program }: RunningAgreement): Alarms | null {
  const known = opened.get(program);
  if (known !== undefined) return known.alarms;
  const alarms = openAlarms(program.agreement);
  opened.set(program, { alarms });
  return alarms;
}

/** An alert rule that a contact raised, before it is known whether it may speak. */
interface Call {
  readonly lead: Lead;
  readonly raised: Raised;
  /** How long it had been silent, in ms, for a rule that asks for that. */
  readonly silentMs: number | null;
}

/**
 * Raises the alert rules that new events of contacts meet, in the caller's transaction; returns how many
 * alerts were raised. A disqualified contact raises none. The owner of a lead that this very call handed
 * over has heard of it already; other software has not. To be called for live calls only, after handoffs and
 * standings are saved.
 */
export async function raiseSignals(
  sql: Sql,
  app: App,
  of: {
    readonly active: RunningAgreement;
    readonly leads: readonly Lead[];
    readonly changes: ReadonlyMap<string, { readonly events: readonly Happening[] }>;
    readonly handed: ReadonlySet<string>;
  },
): Promise<number> {
  const { active } = of;
  const alarms = alarmsOf(active);
  if (alarms === null) return 0;
  const calls: Call[] = [];
  for (const lead of of.leads) {
    const events = of.changes.get(lead.row.id)?.events ?? [];
    if (events.length === 0 || !events.some(({ name }) => isHeard(alarms, name))) continue;
    if (lead.score.disqualified.length > 0) continue;
    const { profile, row, now } = lead;
    for (const raised of alarmsRaised(alarms, { events, profile, createdAt: row.createdAt, now }))
      calls.push({ lead, raised, silentMs: null });
  }
  if (calls.length === 0) return 0;
  const held = await keepSilent(sql, alarms, calls);
  return tellCalls(sql, app, { active, calls: held, handed: of.handed });
}

/** How many events of a visit are looked at: more than a person makes in an hour. */
const VISIT_EVENTS = 500;

/** The calls that remain when rules for silent contacts have looked at what came before. */
async function keepSilent(sql: Sql, alarms: Alarms, calls: readonly Call[]): Promise<readonly Call[]> {
  const asking = calls.filter(({ raised }) => raised.alarm.quietForMs !== null);
  if (asking.length === 0) return calls;
  const since = new Map<string, number>();
  for (const { lead, raised } of asking) {
    const first = (raised.events[0]?.at ?? lead.now) - VISIT_MS;
    since.set(lead.row.id, Math.min(first, since.get(lead.row.id) ?? first));
  }
  const asked = [...since].map(([contactId, at]) => ({ contactId, since: at }));
  const visits = groupBy(await loadVisits(sql, asked, VISIT_EVENTS), row => row.contact_id);
  return calls.flatMap(call => {
    const { raised, lead } = call;
    if (raised.alarm.quietForMs === null) return [call];
    const past = visits.get(lead.row.id) ?? [];
    const events = afterSilence(raised, { past, alarms });
    const times = past.map(({ at }) => at);
    const [first] = events;
    return first === undefined
      ? []
      : [{ ...call, raised: { ...raised, events }, silentMs: silenceBefore(times, first.at) }];
  });
}

async function tellCalls(
  sql: Sql,
  app: App,
  of: {
    readonly active: RunningAgreement;
    readonly calls: readonly Call[];
    readonly handed: ReadonlySet<string>;
  },
): Promise<number> {
  const { active, calls, handed } = of;
  if (calls.length === 0) return 0;
  const contactIds = [...new Set(calls.map(({ lead }) => lead.row.id))];
  const known = new Map(
    (await loadThrottles(sql, contactIds, active.id)).map(row => [keyOf(row.contact_id, row.rule), row]),
  );
  const recent = await loadRecent(
    sql,
    calls.map(({ lead }) => ({ contactId: lead.row.id, program: active.program, now: lead.now })),
  );
  const throttles: NewThrottle[] = [];
  const signals: Signal[] = [];
  for (const call of calls) {
    const { alarm, events } = call.raised;
    const { row, now } = call.lead;
    const state = known.get(keyOf(row.id, alarm.id));
    const done = throttle(state === undefined ? null : throttleOf(state), {
      now,
      everyMs: alarm.everyMs,
      count: events.length,
    });
    const signal = {
      ...signalOf(active, call, recent.get(row.id) ?? []),
      grouped: done.kind === 'tell' ? done.grouped : null,
    };
    const heldAlert = done.kind === 'hold' ? storedOf(signal) : null;
    throttles.push({
      contactId: row.id,
      agreementId: active.id,
      rule: alarm.id,
      ...done.state,
      heldAlert,
    });
    if (done.kind === 'hold') continue;
    const isKnown = alarm.to === 'owner' && handed.has(row.id) && (state?.held ?? 0) === 0;
    if (!isKnown || alarm.via.includes('webhook')) signals.push({ ...signal, isKnown });
  }
  await saveThrottles(sql, throttles);
  await notifySignals(sql, app, signals);
  return signals.filter(({ isKnown }) => !isKnown).length;
}

const keyOf = (contactId: string, rule: string) => `${contactId} ${rule}`;

function throttleOf(row: ThrottleRow): Throttle {
  return { sentAt: row.sent_at, untilAt: row.until_at, held: row.held, heldSince: row.held_since };
}

function storedOf(signal: Omit<Signal, 'isKnown'>) {
  const { rule, label, to, via, everyMs, fallback, version, payload } = signal;
  return { rule, label, to, via, everyMs, fallback, version, payload };
}

function signalOf(
  active: RunningAgreement,
  call: Call,
  recent: NonNullable<AlertBody['recent']>,
): Omit<Signal, 'grouped' | 'isKnown'> {
  const { lead, raised, silentMs } = call;
  const { alarm } = raised;
  const { row, score, now, profile } = lead;
  const { agreement } = active.program;
  const done = raisedInWords({ last: raised.events.at(-1) ?? null, label: alarm.label, silentMs });
  const grounds = {
    ...groundsOf({ agreement, profile, score, at: now, events: null }),
    before: `${done} `,
    after: '.',
  };
  return {
    contactId: row.id,
    agreementId: active.id,
    version: active.version,
    rule: alarm.id,
    label: alarm.label,
    to: alarm.to,
    via: [...alarm.via],
    everyMs: alarm.everyMs,
    fallback: active.desk.fallback,
    at: now,
    payload: {
      kind: 'early',
      occasion: alarm.label,
      episodeId: null,
      contactId: row.id,
      lead: leadPerson({ row }),
      sentence: groundsWords(grounds, DATED),
      grounds,
      lines: topLines(score.lines).map(line => ({
        label: line.label,
        points: line.points,
        ...(line.count === null ? {} : { count: line.count }),
      })),
      total: score.total,
      grade: score.grade,
      pathLabel: '',
      ownerName: null,
      dueAt: null,
      dueKind: null,
      source: lead.source,
      recent,
    },
  };
}

/** How many groups one sweep tells in a transaction. */
const HELD_BATCH = 100;

/**
 * Tells what rules held back, when the time in which they tell nothing more is over: one message each, with how many there
 * were. Returns how many groups there were; a full batch says that there may be more.
 */
export async function sweepHeld(app: App, now: number): Promise<number> {
  const batch = {
    name: 'held signals',
    isOfContacts: true,
    find: (but: readonly string[]) => findDueThrottles(app.db, { now, limit: HELD_BATCH, but }),
    work: (sql: Sql, ids: readonly string[]) => tellHeld(sql, app, ids, now),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function tellHeld(sql: Sql, app: App, contactIds: readonly string[], now: number): Promise<number> {
  const rows = await takeDueThrottles(sql, contactIds, now);
  if (rows.length === 0) return 0;
  const throttles: NewThrottle[] = [];
  const signals: Signal[] = [];
  for (const row of rows) {
    const stored = storedSignal.safeParse(row.held_alert).data ?? null;
    const done = release(throttleOf(row), { now, everyMs: stored?.everyMs ?? 0 });
    if (done === null) continue;
    const { contact_id: contactId, agreement_id: agreementId, rule } = row;
    throttles.push({ contactId, agreementId, rule, ...done.state, heldAlert: null });
    if (stored !== null)
      signals.push({ ...stored, contactId, agreementId, at: now, grouped: done.grouped, isKnown: false });
  }
  await saveThrottles(sql, throttles);
  await notifySignals(sql, app, signals);
  return rows.length;
}
