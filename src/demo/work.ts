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
import { HOUR } from './story/rhythm.ts';
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

function planActs(handoff: HandoffResult, sales: SalesBehaviour, desk: Desk): readonly Act[] {
  const { handedOffAt, episodeId } = handoff;
  const manager = desk.players.find(({ role }) => role === 'manager');
  const owner = desk.players.find(({ id }) => id === handoff.ownerId) ?? manager;
  if (owner === undefined) return [];
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
    if (decision === 'accept') acts.push(...planDeal(handoff, sales, { at, actor: owner.name }));
  }
  return acts;
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
const EXPECTED = 45 * 24 * HOUR;

function planDeal(
  { episodeId: id }: HandoffResult,
  { then: deal }: SalesBehaviour,
  { at: acceptedAt, actor }: { readonly at: number; readonly actor: string },
): readonly Act[] {
  if (deal === null) return [];
  const { name, amount, currency, outcome, closedAfterMs } = deal;
  const openedAt = acceptedAt + deal.opportunityAfterMs;
  const act = (at: number, run: (app: App, by: Doing) => Promise<void>): Act => ({
    at,
    run: async app => {
      await run(app, { actor, now: at });
      return [];
    },
  });
  const expectedCloseAt = Math.ceil((openedAt + EXPECTED) / (24 * HOUR)) * 24 * HOUR;
  const said = { name, amount, currency, expectedCloseAt };
  const opened = act(openedAt, (app, by) => openDeal(app, id, said, by));
  const closedAt = acceptedAt + (closedAfterMs ?? 3 * deal.opportunityAfterMs);
  const proposed = act((openedAt + closedAt) / 2, (app, by) =>
    moveDeal(app, id, { stage: 'proposal', reason: null }, by),
  );
  if (outcome === 'opportunity' || closedAfterMs === null) return [opened, proposed];
  const reasons = outcome === 'won' ? WON : LOST;
  const reason = reasons[(amount / 100) % reasons.length] ?? reasons[0];
  return [opened, proposed, act(closedAt, (app, by) => moveDeal(app, id, { stage: outcome, reason }, by))];
}
