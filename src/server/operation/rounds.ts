import { sweepAttempts } from '../../loop/access/attempt.ts';
import { sweepBulletins, sweepGathered } from '../../loop/alert/bulletin.ts';
import { sweepHeld } from '../../loop/alert/signal.ts';
import type { App } from '../../loop/app.ts';
import { makeCourier } from '../../loop/delivery/courier.ts';
import type { Senders } from '../../loop/delivery/delivery.ts';
import { sweepFailing } from '../../loop/delivery/failure.ts';
import { onPromise, sweepAhead, sweepSent, wakeCouriers } from '../../loop/delivery/outbox.ts';
import { sweepDuplicates } from '../../loop/duplicate/sweep.ts';
import { sweepWaiting } from '../../loop/evaluation/reroute.ts';
import type { Settled } from '../../loop/evaluation/settle.ts';
import { sweepDue, sweepStale } from '../../loop/evaluation/sweep.ts';
import { sweepOverdue } from '../../loop/exception/exception.ts';
import { sweepStragglers } from '../../loop/exception/straggler.ts';
import { sweepClocks } from '../../loop/followup/clock.ts';
import { sweepLeavers } from '../../loop/followup/leaver.ts';
import { sweepRejected } from '../../loop/intake/rejected.ts';
import { sweepLetters } from '../../loop/letter/sweep.ts';
import { sweepNews } from '../../loop/nurture/news.ts';
import { sweepNurture } from '../../loop/nurture/sweep.ts';
import { sweepWakeups } from '../../loop/nurture/wakeup.ts';
import { CHECK_EVERY_MS, sweepConservation } from '../../loop/report/conservation.ts';
import { sweepUnweighed, WEIGH_EVERY_MS } from '../../loop/report/decisive.ts';
import { REVIEW_EVERY_MS, sweepReviews } from '../../loop/review/reminder.ts';
import { makeClockCheck } from './clock.ts';
import { openCrew } from './worker.ts';

/** How often the clock is looked at for scores that change by the passing of time, in milliseconds. */
const SWEEP_EVERY_MS = 1_000;
/** How often the outbox is looked at when nothing woke it, in milliseconds. */
const DELIVER_EVERY_MS = 1_000;
/** How often it is looked whether what was held back for people may leave, in milliseconds. */
const ALERTS_EVERY_MS = 5_000;
/** How many deliveries one round takes. */
const DELIVER_BATCH = 50;
/** How often old messages and rejected calls are looked for, in milliseconds. */
const PURGE_EVERY_MS = 3_600_000;
/** How often failed sign-ins that no longer count are forgotten, in milliseconds. */
const ATTEMPTS_EVERY_MS = 60_000;
/** How often it is looked whether the time of a lead runs out, in milliseconds. */
const CLOCKS_EVERY_MS = 1_000;
/** How often it is looked whether leads that wait can go on, in milliseconds. */
const EXCEPTIONS_EVERY_MS = 2_000;

/** How often it is looked whether a track has a step to do, or a date has come, in milliseconds. */
const NURTURE_EVERY_MS = 5_000;

/** A round of work: does what is due and says whether there is more. */
interface Round {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (now: number) => Promise<boolean>;
}

/**
 * Starts what a node does by the clock: delivering, scoring what time changes, leads that wait, held alerts, and the proof
 * that no lead is lost. While the node's clock is wrong, messages leave and nothing else is done by it. `onSettled` hears of
 * every evaluation. `report` says now how the rounds are. `stop` resolves once nothing is under way.
 */
export async function startRounds(
  app: App,
  senders: Senders,
  onSettled: (settled: Settled) => void,
): Promise<{ readonly report: () => Promise<void>; readonly stop: () => Promise<void> }> {
  const { startLoop, ...crew } = openCrew(app);
  const start = ({ name, everyMs, run }: Round) =>
    startLoop({ name, everyMs, log: app.log }, () => run(app.clock()));
  const checkClock = makeClockCheck(app.db, app.clock);
  const startByClock = (round: Round) =>
    start({
      ...round,
      run: async now => {
        await checkClock();
        return round.run(now);
      },
    });
  const courier = makeCourier(app, senders, { onRoom: () => delivering.wake() });
  const delivering = start({
    name: 'deliver',
    everyMs: DELIVER_EVERY_MS,
    // Claims only: what is claimed is sent beside the round, so that nothing slow holds up the rest.
    run: async now => (await courier.claim({ now, batch: DELIVER_BATCH })) >= DELIVER_BATCH,
  });
  const forget = onPromise(app, delivering.wake);
  const loops = [delivering, ...roundsOf(app, onSettled).map(startByClock)];
  // A doctor sees at once that a server runs. A database that is away now is reported by the rounds themselves.
  await crew.report().catch(() => {});
  return {
    report: crew.report,
    stop: async () => {
      forget();
      await Promise.all(loops.map(loop => loop.stop()));
      await courier.stop();
      await crew.stop();
    },
  };
}

function roundsOf(app: App, onSettled: (settled: Settled) => void): readonly Round[] {
  const settleAll = async (sweeps: readonly ((app: App, now: number) => Promise<Settled>)[], now: number) => {
    let hasMore = false;
    for (const sweep of sweeps) {
      const settled = await sweep(app, now);
      onSettled(settled);
      hasMore ||= settled.contactIds.length > 0;
    }
    return hasMore;
  };
  return [
    {
      name: 'sweep',
      everyMs: SWEEP_EVERY_MS,
      run: async now => !isFilling(app) && settleAll([sweepDue, sweepStale], now),
    },
    {
      name: 'clocks',
      everyMs: CLOCKS_EVERY_MS,
      run: async now => {
        if (isFilling(app)) return false;
        const hasMore = await settleAll([sweepClocks], now);
        if (hasMore) wakeCouriers(app);
        return hasMore;
      },
    },
    {
      name: 'exceptions',
      everyMs: EXCEPTIONS_EVERY_MS,
      run: async now => {
        if (isFilling(app)) return false;
        const hasMore = await settleAll([sweepLeavers, sweepDuplicates, sweepWaiting], now);
        await sweepOverdue(app, now);
        await sweepStragglers(app, now);
        return hasMore;
      },
    },
    {
      name: 'alerts',
      everyMs: ALERTS_EVERY_MS,
      run: async now => {
        let count = 0;
        for (const sweep of [
          sweepHeld,
          sweepGathered,
          sweepBulletins,
          sweepFailing,
          sweepAhead,
          sweepLetters,
        ])
          count += await sweep(app, now);
        if (count > 0) wakeCouriers(app);
        return count > 0;
      },
    },
    {
      name: 'nurture',
      everyMs: NURTURE_EVERY_MS,
      run: async now => {
        if (isFilling(app)) return false;
        let count = 0;
        for (const sweep of [sweepNews, sweepNurture, sweepWakeups]) count += await sweep(app, now);
        if (count > 0) wakeCouriers(app);
        return count > 0;
      },
    },
    { name: 'attempts', everyMs: ATTEMPTS_EVERY_MS, run: now => sweepAttempts(app, now) },
    {
      name: 'purge',
      everyMs: PURGE_EVERY_MS,
      run: async now => {
        const hasMore = await Promise.all([sweepSent(app, now), sweepRejected(app, now)]);
        return hasMore.includes(true);
      },
    },
    {
      name: 'conservation',
      everyMs: CHECK_EVERY_MS,
      run: async now => {
        if (!isFilling(app)) await sweepConservation(app, now);
        return false;
      },
    },
    {
      name: 'reports',
      everyMs: WEIGH_EVERY_MS,
      run: async now => !isFilling(app) && (await sweepUnweighed(app, now)) > 0,
    },
    {
      name: 'reviews',
      everyMs: REVIEW_EVERY_MS,
      run: async now => {
        if (!isFilling(app) && (await sweepReviews(app, now)) > 0) wakeCouriers(app);
        return false;
      },
    },
  ];
}

/**
 * Whether a demo still writes its year down. Its leads are then on their way, not lost or due: the demo itself does what the
 * clock would have done at their own times.
 */
function isFilling(app: App): boolean {
  const told = app.demo();
  return told !== null && told.loaded < told.total;
}
