import { applyOutcome } from '../core/decision/decision.ts';
import { addWorkSpan, type WorkCalendar } from '../core/worktime/calendar.ts';
import { saveOutcome, saveStage } from '../db/decision/episode.ts';
import type { App } from '../loop/app.ts';
import { acceptLead, rejectLead } from '../loop/decision/decision.ts';
import { logActivity } from '../loop/followup/activity.ts';
import { reassignLead } from '../loop/followup/ownership.ts';
import type { HandoffResult } from '../loop/scoring/lead.ts';
import type { Player } from './office.ts';
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
  const acts: Act[] = [];
  if (sales.touchAfterWorkMs !== null) {
    const at = after(sales.touchAfterWorkMs);
    acts.push({
      at,
      run: async app => {
        if (handoff.ownerId === null)
          await reassignLead(app, episodeId, { ownerId: owner.id, note: null }, by(at));
        await logActivity(app, episodeId, { kind: sales.touchBy, note: null, at }, by(at));
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
        if (decision === 'reject') return rejectLead(app, episodeId, { reason, note }, by(at));
        await acceptLead(app, episodeId, { note }, by(at));
        return [];
      },
    });
    if (decision === 'accept') acts.push(...planDeal(handoff, sales.then, at));
  }
  return acts;
}

function planDeal(handoff: HandoffResult, deal: SalesBehaviour['then'], acceptedAt: number): readonly Act[] {
  if (deal === null) return [];
  const move = (type: 'opportunity' | 'won' | 'lost', from: 'accepted' | 'opportunity', at: number): Act => ({
    at,
    run: async app => {
      const next = applyOutcome(from, type);
      if (next === null) return [];
      const { contactId, agreementId, episodeId: id } = handoff;
      const { amount, currency } = deal;
      await app.db.transaction(async sql => {
        await saveOutcome(sql, { id, state: next.state, amount, currency, endedAt: next.ends ? at : null });
        await saveStage(sql, { contactId, agreementId }, { stage: next.stage, at, lookAgainAt: null });
      });
      return [];
    },
  });
  const opened = move('opportunity', 'accepted', acceptedAt + deal.opportunityAfterMs);
  if (deal.outcome === 'opportunity' || deal.closedAfterMs === null) return [opened];
  return [opened, move(deal.outcome, 'opportunity', acceptedAt + deal.closedAfterMs)];
}
