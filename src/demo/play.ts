import { readCall } from '../core/intake/call.ts';
import { compileCalendar } from '../core/worktime/calendar.ts';
import { quietHistory } from '../db/import/import.ts';
import { listActiveNurture } from '../db/nurture/nurture.ts';
import { activeAgreements } from '../loop/agreement/active.ts';
import { type App, writeTogether } from '../loop/app.ts';
import { noChange } from '../loop/contact/change.ts';
import { sweepDuplicates } from '../loop/duplicate/sweep.ts';
import { type Settled, settle } from '../loop/evaluation/settle.ts';
import { sweepDue } from '../loop/evaluation/sweep.ts';
import { sweepClocks } from '../loop/followup/clock.ts';
import { takeIn } from '../loop/intake/intake.ts';
import { doSteps } from '../loop/nurture/sweep.ts';
import type { HandoffResult } from '../loop/scoring/lead.ts';
import type { Player } from './office.ts';
import type { TimedCall } from './story/call.ts';
import { DAY, MINUTE } from './story/rhythm.ts';
import { type SalesBehaviour, serveCustomer } from './story/sales.ts';
import type { Story } from './story/story.ts';
import { type Desk, workHandoff } from './work.ts';

/** How many stories are told side by side: as many share each commit, and pages never wait long for one. */
const ROUND = 240;
/** Calls of one person with shorter pauses between them, in ms, are one visit; its calls are taken in together. */
const VISIT_PAUSE = 5 * MINUTE;
/** So long after its interest peaked, in ms, sales has decided on a lead: within eleven working days and a few holidays. */
const DECIDED = 18 * DAY;
/** Alerts of this age are no longer news, in ms. */
const NEWS = DAY;

interface Play {
  readonly now: number;
  readonly players: readonly Player[];
  readonly onSettled: (settled: Settled) => void;
  /** Hears how many calls of the stories were taken in since it last heard. */
  readonly onTold: (calls: number) => void;
  readonly isStopped: () => boolean;
}

/**
 * Parts stories into those of which leads may still be open, and the history behind them, newest first. Once the first are
 * told, the queue is what it will be when all are.
 *
 * @example partStories([], 0) // { open: [], history: [] }
 */
export function partStories(
  stories: readonly Story[],
  now: number,
): { readonly open: readonly Story[]; readonly history: readonly Story[] } {
  const endOf = ({ calls, startsAt }: Story) => calls.at(-1)?.at ?? startsAt;
  const isOpen = ({ hotAt, sales }: Story) => sales.decideAfterWorkMs === null || hotAt > now - DECIDED;
  const history = stories.filter(story => !isOpen(story)).sort((a, b) => endOf(b) - endOf(a));
  return { open: stories.filter(isOpen), history };
}

/**
 * Tells stories through the real intake and the real loop, each at its own times: calls are taken in, leads handed over,
 * and reps act as their story says. What becomes of a lead is committed together with its handoff: nobody sees it overdue
 * meanwhile.
 */
export async function playStories(app: App, stories: readonly Story[], play: Play): Promise<void> {
  const [active] = await activeAgreements(app.db, app.db);
  const { calendars, reasons = [] } = active?.program.agreement.practice ?? {};
  const desk = {
    ...play,
    calendar: calendars?.business === undefined ? null : compileCalendar(calendars.business),
    waits: new Map(reasons.flatMap(({ id, wait }) => (wait === undefined ? [] : [[id, wait] as const]))),
  };
  const waiting = [...stories];
  while (waiting.length > 0) {
    // What was told no longer takes memory.
    let tellings = waiting.splice(0, ROUND).map(openTelling);
    while (tellings.length > 0) {
      if (play.isStopped()) return;
      await tellStep(app, tellings, desk);
      tellings = tellings.filter(
        ({ visits, wakeAt, step }) => visits.length > 0 || wakeAt !== null || step !== null,
      );
    }
    await catchUp(app, desk);
  }
}

/** Does what the clock would have done since: finds duplicates, lets scores fade until now, and tells what was missed when it was. */
async function catchUp(app: App, { now, onSettled, isStopped }: Play): Promise<void> {
  const sweepHistory = (on: App, at: number) =>
    writeTogether(on, async inside => {
      const settled = await sweepClocks(inside, at, { newsSince: at - NEWS });
      await quietHistory(inside.db, { now: at, news: at - NEWS });
      return settled;
    });
  for (const sweep of [sweepDuplicates, sweepDue, sweepHistory]) {
    for (let isDone = false; !isDone && !isStopped(); ) {
      const settled = await sweep(app, now);
      onSettled(settled);
      isDone = settled.contactIds.length === 0;
    }
  }
}

/** Where the telling of a story stands: what is still to come, and what sales did. */
interface Telling {
  readonly story: Story;
  readonly visits: (readonly TimedCall[])[];
  contactId: string | null;
  /** When a recycled lead may qualify again, epoch ms. */
  wakeAt: number | null;
  /** The next step of the track that it is in, if that is not still to come. */
  step: { readonly enrolment: string; readonly at: number } | null;
  handoffs: number;
}

function openTelling(story: Story): Telling {
  const visits: TimedCall[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const call of story.calls) {
    if (call.at - last > VISIT_PAUSE) visits.push([]);
    visits.at(-1)?.push(call);
    last = call.at;
  }
  return { story, visits, contactId: null, wakeAt: null, step: null, handoffs: 0 };
}

type Plan = Play & Desk & { readonly waits: ReadonlyMap<string, number> };

/**
 * One step of each story, all in one transaction: its next visit, the end of a wait, or a step of its track, and what reps do
 * about it.
 */
async function tellStep(app: App, tellings: readonly Telling[], desk: Plan): Promise<void> {
  const tellingOf = new Map<string, Telling>();
  const woken = new Map<string, ReturnType<typeof noChange>>();
  const enrolments: string[] = [];
  const calls = tellings.flatMap(telling => {
    const { visits, contactId, wakeAt, step } = telling;
    const visitAt = visits[0]?.[0]?.at ?? Number.POSITIVE_INFINITY;
    if (step !== null && step.at < Math.min(visitAt, wakeAt ?? visitAt)) {
      enrolments.push(step.enrolment);
      return [];
    }
    if (wakeAt !== null && wakeAt < visitAt) {
      telling.wakeAt = null;
      if (contactId !== null) woken.set(contactId, noChange(wakeAt));
      return [];
    }
    return (visits.shift() ?? []).flatMap(({ at, call: sent }) => {
      const { call } = readCall(sent, { receivedAt: at, trust: 'server', messageId: app.newId() });
      if (call === null) return [];
      tellingOf.set(call.messageId, telling);
      return [call];
    });
  });
  const settled = await writeTogether(app, async inside => {
    const taken = await takeIn(inside.db, inside, calls, { now: desk.now, batchId: null, opens: 'onCall' });
    for (const { call, contactId } of taken.placed) {
      const telling = tellingOf.get(call.messageId);
      if (telling !== undefined) telling.contactId = contactId;
    }
    const later = await settle(inside.db, inside, { changes: woken, opens: 'onTime' });
    const handoffs = [...taken.handoffs, ...later.handoffs];
    await workAll(inside, handoffs, tellings, desk);
    await doSteps(inside.db, inside, enrolments, { now: desk.now, doneAt: dueAt => dueAt });
    await followTracks(inside, tellings, desk.now);
    await quietHistory(inside.db, { now: desk.now, news: desk.now - NEWS });
    return { contactIds: [...taken.contactIds, ...later.contactIds], handoffs };
  });
  desk.onSettled(settled);
  desk.onTold(calls.length);
}

/** Notes which step of its track each lead takes next, unless that is still to come. */
async function followTracks(app: App, tellings: readonly Telling[], now: number): Promise<void> {
  const recycled = tellings.filter(({ handoffs }) => handoffs > 0);
  const active = await listActiveNurture(
    app.db,
    recycled.flatMap(({ contactId }) => contactId ?? []),
  );
  const nextOf = new Map(active.map(row => [row.contact_id, row]));
  for (const telling of recycled) {
    const next = nextOf.get(telling.contactId ?? '');
    const at = next?.next_step_at ?? Number.POSITIVE_INFINITY;
    telling.step = next === undefined || at > now ? null : { enrolment: next.id, at };
  }
}

/** Lets reps do what their stories say with each handoff, and with those that follow from it. */
async function workAll(
  app: App,
  handoffs: readonly HandoffResult[],
  tellings: readonly Telling[],
  desk: Plan,
): Promise<void> {
  const byContact = new Map(tellings.map(telling => [telling.contactId, telling]));
  const left = [...handoffs];
  for (let handoff = left.shift(); handoff !== undefined; handoff = left.shift()) {
    const telling = byContact.get(handoff.contactId);
    if (telling === undefined || handoff.kind === 'closed') continue;
    const sales = behaviourOf(telling, handoff);
    const { followed, rejectedAt } = await workHandoff(app, handoff, sales, desk);
    left.push(...followed);
    const wait = desk.waits.get(sales.reason ?? '');
    const wakeAt = rejectedAt === null || wait === undefined ? null : rejectedAt + wait;
    telling.wakeAt = wakeAt !== null && wakeAt <= desk.now ? wakeAt : null;
  }
}

function behaviourOf(telling: Telling, { kind }: HandoffResult): SalesBehaviour {
  const { sales, again } = telling.story;
  if (kind === 'routed') return serveCustomer(sales);
  telling.handoffs += 1;
  return telling.handoffs === 1 ? sales : again;
}
