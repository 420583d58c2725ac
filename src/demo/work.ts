import { addWorkSpan, type WorkCalendar } from '../core/worktime/calendar.ts';
import type { Doing } from '../loop/actor.ts';
import type { App } from '../loop/app.ts';
import { acceptLead } from '../loop/decision/decision.ts';
import { rejectLead } from '../loop/decision/rejection.ts';
import { logActivity } from '../loop/followup/activity.ts';
import { reassignLead } from '../loop/followup/ownership.ts';
import { moveDeal, openDeal } from '../loop/opportunity/opportunity.ts';
import { answerLead } from '../loop/qualification/answer.ts';
import type { HandoffResult } from '../loop/scoring/lead.ts';
import type { Player } from './office.ts';
import { DAY, WORKDAY } from './story/rhythm.ts';
import type { SalesBehaviour } from './story/sales.ts';

/** What working a handoff needs beside the story. */
export interface Desk {
  /** Until when, epoch ms. */
  readonly now: number;
  readonly players: readonly Player[];
  /** The calendar in which sales' delays count; null is around the clock. */
  readonly calendar: WorkCalendar | null;
}

/** What a rep does at a time (epoch ms); returns the handoffs that follow from it. */
interface Act {
  readonly at: number;
  readonly isRejection?: boolean;
  readonly run: (app: App) => Promise<readonly HandoffResult[]>;
}

/**
 * Does what a story's rep does with a handoff, as far as it lies before now. Returns the handoffs that follow, and when it
 * was rejected, epoch ms; null if it was not.
 */
export async function workHandoff(
  app: App,
  handoff: HandoffResult,
  sales: SalesBehaviour,
  desk: Desk,
): Promise<{ readonly followed: readonly HandoffResult[]; readonly rejectedAt: number | null }> {
  const acts = planActs(handoff, sales, desk).filter(({ at }) => at <= desk.now);
  const followed: HandoffResult[] = [];
  for (const { run } of acts.sort((a, b) => a.at - b.at)) followed.push(...(await run(app)));
  return { followed, rejectedAt: acts.find(({ isRejection }) => isRejection)?.at ?? null };
}

function planActs(handoff: HandoffResult, story: SalesBehaviour, desk: Desk): readonly Act[] {
  const { handedOffAt, episodeId } = handoff;
  const manager = desk.players.find(({ role }) => role === 'manager');
  const owner = desk.players.find(({ id }) => id === handoff.ownerId) ?? manager;
  if (owner === undefined) return [];
  const sales = atPace(story, owner.pace);
  const after = (workMs: number) => addWorkSpan(desk.calendar, handedOffAt, { kind: 'time', ms: workMs });
  const by = (now: number) => ({ actor: owner.name, userId: owner.id, now });
  const { answers } = sales;
  const acts: Act[] = [];
  if (sales.touchAfterWorkMs !== null) {
    const at = after(sales.touchAfterWorkMs);
    acts.push({
      at,
      run: async app => {
        if (handoff.ownerId === null)
          await reassignLead(app, episodeId, { ownerId: owner.id, note: null }, by(at));
        await logActivity(app, episodeId, { kind: sales.touchBy, note: null, at }, by(at));
        if (answers !== null && sales.touchBy !== 'email')
          await answerLead(app, episodeId, answersIn(answers, FIRST), by(at));
        return [];
      },
    });
  }
  const again = secondTry(sales);
  if (again !== null) {
    const at = after(again.afterWorkMs);
    acts.push({
      at,
      run: async app => {
        await logActivity(app, episodeId, { kind: again.by, note: null, at }, by(at));
        return [];
      },
    });
  }
  if (sales.decideAfterWorkMs !== null) {
    const at = after(sales.decideAfterWorkMs);
    const { decision, note, reason } = sales;
    acts.push({
      at,
      isRejection: decision === 'reject',
      run: async app => {
        if (answers !== null) await answerLead(app, episodeId, answersIn(answers, ALL), by(at));
        if (decision === 'reject') return rejectLead(app, episodeId, { reason, note }, by(at));
        await acceptLead(app, episodeId, { note }, by(at));
        return [];
      },
    });
    if (decision === 'accept') acts.push(...planDeal(handoff, sales, { ...desk, at, by }));
  }
  return acts;
}

/** The longest until a first touch, in working time. */
const LATEST = 2 * WORKDAY;

/** What a story's rep does, at the pace of one: all of it is as much later as the first touch is. */
function atPace(sales: SalesBehaviour, pace: number): SalesBehaviour {
  const { touchAfterWorkMs, decideAfterWorkMs } = sales;
  if (touchAfterWorkMs === null) return sales;
  const later = Math.max(0, Math.min(touchAfterWorkMs * pace, LATEST) - touchAfterWorkMs);
  return {
    ...sales,
    touchAfterWorkMs: touchAfterWorkMs + later,
    decideAfterWorkMs: decideAfterWorkMs === null ? null : decideAfterWorkMs + later,
  };
}

/** Who could not be reached was tried a second time before the rep gave up: on another way, halfway to the decision. */
function secondTry({ reason, touchAfterWorkMs, touchBy, decideAfterWorkMs }: SalesBehaviour) {
  if (reason !== 'unreachable' || touchAfterWorkMs === null || decideAfterWorkMs === null) return null;
  const by: SalesBehaviour['touchBy'] = touchBy === 'email' ? 'call' : 'email';
  return { afterWorkMs: (touchAfterWorkMs + decideAfterWorkMs) / 2, by };
}

/** What a rep finds out in a first talk; the rest comes up before they decide. */
const FIRST = ['need', 'budget'] as const;
const ALL = [...FIRST, 'authority', 'timeline'] as const;

function answersIn(
  answers: NonNullable<SalesBehaviour['answers']>,
  questions: readonly (keyof NonNullable<SalesBehaviour['answers']>)[],
) {
  return Object.fromEntries(questions.map(id => [id, { value: answers[id] }]));
}

/** What ended deals: told apart by their amount. */
const WON = ['Ran a trial with their own figures', 'Live before budget season', 'The CFO knew us'] as const;
const LOST = ['Went with a cheaper tool', 'Budget was cut', 'Stayed with the spreadsheets'] as const;

/** Until when a rep expects a deal to close. */
const EXPECTED = 45 * DAY;

function planDeal(
  { episodeId: id }: HandoffResult,
  { then: deal }: SalesBehaviour,
  desk: Desk & { readonly at: number; readonly by: (now: number) => Doing },
): readonly Act[] {
  if (deal === null) return [];
  const { name, amount, currency, outcome } = deal;
  const [openedAt, closedAt] = [desk.at + deal.opportunityAfterMs, desk.at + deal.closedAfterMs];
  const act = (at: number, run: (app: App, by: Doing) => Promise<void>): Act => ({
    at,
    run: async app => {
      await run(app, desk.by(at));
      return [];
    },
  });
  const expectedCloseAt = Math.ceil((openedAt + EXPECTED) / DAY) * DAY;
  const said = { name, amount, currency, expectedCloseAt };
  const opened = act(openedAt, (app, by) => openDeal(app, id, said, by));
  const proposed = act((openedAt + closedAt) / 2, (app, by) =>
    moveDeal(app, id, { stage: 'proposal', reason: null }, by),
  );
  const reasons = outcome === 'won' ? WON : LOST;
  const reason = reasons[(amount / 100) % reasons.length] ?? reasons[0];
  const closed = act(closedAt, (app, by) => moveDeal(app, id, { stage: outcome, reason }, by));
  const talks = (deal.isForgotten ? [] : talkTimes(desk, closedAt)).map((at, index) =>
    act(at, (app, by) =>
      logActivity(app, id, { kind: TALKS[index % TALKS.length] ?? 'call', note: null, at }, by),
    ),
  );
  return [opened, proposed, ...talks, closed];
}

/** How reps stay in touch with who they sell to, in turns, and how often. */
const TALKS = ['call', 'email', 'meeting'] as const;
const TALKS_EVERY = 4 * DAY;
/** So far back these are told: of older deals reports ask only what became of them, and each takes a moment to write down. */
const TALKS_TOLD = 21 * DAY;

/** When a rep stays in touch while a deal lasts: every few days from the acceptance on, in working time. */
function talkTimes({ at: acceptedAt, now, calendar }: Desk & { readonly at: number }, closedAt: number) {
  const end = Math.min(closedAt, now);
  const count = Math.max(0, Math.floor((end - acceptedAt) / TALKS_EVERY));
  return Array.from({ length: count }, (_, index) => acceptedAt + (index + 1) * TALKS_EVERY)
    .filter(at => at > now - TALKS_TOLD)
    .map(at => addWorkSpan(calendar, at, { kind: 'time', ms: 0 }))
    .filter(at => at < end);
}
