import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { CHANNELS } from '../../core/alert/message.ts';
import { EXCEPTION_KINDS } from '../../core/exception/exception.ts';
import { BREACHES } from '../../core/report/conservation.ts';
import { loadHealth } from '../../db/operation/health.ts';
import type { App } from '../../loop/app.ts';
import type { Sender, Senders } from '../../loop/delivery/delivery.ts';
import type { Settled } from '../../loop/evaluation/settle.ts';
import { aheadOf } from './clock.ts';

/** What `/metrics` prints. */
const registry = new Registry();

collectDefaultMetrics({ register: registry });

const duration = new Histogram({
  name: 'baton_http_request_duration_seconds',
  help: 'How long calls took, by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [registry],
});

const refusedCalls = new Counter({
  name: 'baton_intake_refused_calls_total',
  help: 'Calls that the intake did not take: beyond the rate of an address or key, too many waiting, or not usable',
  labelNames: ['key', 'reason'],
  registers: [registry],
});

const droppedCount = new Counter({
  name: 'baton_connections_dropped_total',
  help: 'Connections that were dropped because there were too many',
  registers: [registry],
});

/** Counts a connection that was dropped because there were too many. */
export function countDropped(): void {
  droppedCount.inc();
}

const handoffCount = new Counter({
  name: 'baton_handoffs_total',
  help: 'Leads handed over by this process: to sales, to the team of a disqualifier, or closed by one',
  labelNames: ['kind'],
  registers: [registry],
});

const latency = new Histogram({
  name: 'baton_handoff_latency_seconds',
  help: 'From the call that made a lead qualify to its handoff being stored',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
  registers: [registry],
});

/** Counts the leads that an evaluation handed over, and how long after its call or its turn each was; `now` is epoch ms. */
export function countHandoffs({ handoffs }: Settled, now: number): void {
  for (const { kind, handedOffAt } of handoffs) {
    handoffCount.inc({ kind });
    latency.observe(Math.max(0, now - handedOffAt) / 1000);
  }
}

const alerts = new Counter({
  name: 'baton_alerts_total',
  help: 'Attempts to send a message by this process, by channel and outcome',
  labelNames: ['channel', 'outcome'],
  registers: [registry],
});

/** The same senders, each counting what became of its attempts. */
export function countSends({ in_app, email, slack, webhook }: Senders): Senders {
  const counting =
    (channel: string, send: Sender): Sender =>
    async (...given) => {
      try {
        const attempt = await send(...given);
        alerts.inc({ channel, outcome: attempt.kind });
        return attempt;
      } catch (error) {
        alerts.inc({ channel, outcome: 'failed' });
        throw error;
      }
    };
  return {
    in_app: counting('in_app', in_app),
    email: counting('email', email),
    slack: counting('slack', slack),
    webhook: counting('webhook', webhook),
  };
}

const gauge = <const Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
  new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });

const isUp = gauge('baton_database_up', 'Whether the database answered when it was last asked');
const breaches = gauge('baton_conservation_breaches', 'Leads that are lost, by the way they are', ['kind']);
const checkedAt = gauge('baton_conservation_checked_timestamp_seconds', 'When that was last looked for');
const exceptions = gauge('baton_exceptions_open', 'What waits for a person, by kind', ['kind']);
const overdue = gauge('baton_exceptions_overdue', 'What waits for a person longer than it may');
const rejected = gauge(
  'baton_rejected_calls_waiting',
  'Calls of the last day that could not be used and wait in the rejected inbox, up to 10,000',
);
const waiting = gauge('baton_outbox_waiting', 'Messages that are yet to be sent', ['channel']);
const failed = gauge('baton_outbox_failed', 'Messages that could not be sent', ['channel']);
const oldest = gauge('baton_outbox_oldest_seconds', 'How long the oldest message waits');
const lag = gauge('baton_worker_lag_seconds', 'How far behind a worker is, at its best node', ['worker']);

const ahead = gauge(
  'baton_clock_ahead_seconds',
  "How far the clock of this process is ahead of the database's",
);

/** How long what the database was asked for metrics stays good, in ms, however often they are looked at. */
const FRESH_MS = 10_000;

/** Asks the database, by one statement, for what it alone knows. */
async function refresh({ db, log, clock }: App, now: number): Promise<void> {
  try {
    const health = await loadHealth(db, now);
    const theirs = health.find(row => row.gauge === 'clock')?.value ?? now;
    ahead.set(aheadOf({ before: now, after: clock(), theirs }) / 1000);
    show(health);
    isUp.set(1);
  } catch (error) {
    // What was known stays on show: a database that is away has its own gauge.
    isUp.set(0);
    log.warn({ err: error }, 'the metrics could not be brought up to date');
  }
}

function show(health: Awaited<ReturnType<typeof loadHealth>>): void {
  const of = (name: string) => health.filter(row => row.gauge === name);
  for (const labelled of [breaches, exceptions, waiting, failed, lag]) labelled.reset();
  // A kind that is not there is 0, not unknown: alarms compare with it.
  for (const kind of BREACHES) breaches.set({ kind }, 0);
  for (const kind of EXCEPTION_KINDS) exceptions.set({ kind }, 0);
  for (const channel of CHANNELS) {
    waiting.set({ channel }, 0);
    failed.set({ channel }, 0);
  }
  for (const { label: kind, value } of of('conservation')) breaches.set({ kind }, value);
  for (const { value } of of('conservation_at')) checkedAt.set(value / 1000);
  for (const { label: kind, value } of of('exceptions_open')) exceptions.set({ kind }, value);
  for (const { value } of of('exceptions_overdue')) overdue.set(value);
  for (const { value } of of('rejected_waiting')) rejected.set(value);
  for (const { label: channel, value } of of('outbox_waiting')) waiting.set({ channel }, value);
  for (const { label: channel, value } of of('outbox_failed')) failed.set({ channel }, value);
  for (const { value } of of('outbox_oldest')) oldest.set(value);
  for (const { label: worker, value } of of('worker_lag')) lag.set({ worker }, value);
}

/** Notes calls of the intake that were not taken in; `unkept` ones cannot be used either, and are past what is kept of a day. */
export function countRefused(
  of: {
    readonly key: 'server' | 'public';
    readonly reason: 'address' | 'key' | 'full' | 'unusable' | 'unkept';
  },
  calls: number,
): void {
  refusedCalls.inc(of, calls);
}

/** Notes how long a call took, in seconds, by the pattern of its route. */
export function countCall(
  call: { readonly method: string; readonly route: string; readonly status: number },
  seconds: number,
): void {
  duration.observe(call, seconds);
}

/** Makes what prints what the process counts and what waits to be done, as Prometheus reads it. */
export function makePrinter(app: App): () => Promise<{ readonly type: string; readonly text: string }> {
  let askedAt: number | null = null;
  return async () => {
    const now = app.clock();
    if (askedAt === null || now < askedAt || now >= askedAt + FRESH_MS) {
      askedAt = now;
      await refresh(app, now);
    }
    return { type: registry.contentType, text: await registry.metrics() };
  };
}
