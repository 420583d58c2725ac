import { readFile } from 'node:fs/promises';
import { applyOutcome } from '../core/decision/decision.ts';
import { readCall } from '../core/intake/call.ts';
import { addWorkSpan, compileCalendar, type WorkCalendar } from '../core/worktime/calendar.ts';
import { saveOutcome, saveStage } from '../db/decision/episode.ts';
import { quietHistory } from '../db/import/import.ts';
import { makeUser } from '../loop/access/user.ts';
import { activateAgreement, TEMPLATE } from '../loop/agreement/activate.ts';
import { activeAgreements } from '../loop/agreement/active.ts';
import type { App } from '../loop/app.ts';
import { acceptLead, rejectLead } from '../loop/decision/decision.ts';
import type { Settled } from '../loop/evaluation/settle.ts';
import { logActivity } from '../loop/followup/activity.ts';
import { reassignLead } from '../loop/followup/ownership.ts';
import { takeIn } from '../loop/intake/intake.ts';
import { bookTimeOff } from '../loop/routing/availability.ts';
import { changeTeam } from '../loop/routing/team.ts';
import type { HandoffResult } from '../loop/scoring/lead.ts';
import { hashPassword } from '../server/access/session.ts';
import type { SalesBehaviour } from './story/sales.ts';
import { demoAway, demoPeople, demoTeams } from './story/staff.ts';
import type { Story } from './story/story.ts';

/** How many stories the first round tells side by side: few, so that the queue fills within seconds. */
const FIRST_ROUND = 60;
/** How many a later round tells: as many share each commit, and pages never wait long for one. */
const LATER_ROUND = 240;
/** Alerts of this age are no longer news, in ms. */
const NEWS_MS = 24 * 3_600_000;

/** Somebody of the demo, with the id it got. */
interface Player {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Makes the demo's agreement, people and teams; the first person is the one who is signed in. */
export async function prepareDemo(
  app: App,
  by: { readonly now: number; readonly password: string },
): Promise<readonly Player[]> {
  const since = by.now - 366 * 24 * 3_600_000;
  await activateAgreement(app.db, await readFile(TEMPLATE, 'utf8'), { actor: 'demo', now: since });
  const passwordHash = await hashPassword(by.password);
  const players: Player[] = [];
  for (const { name, email, role } of demoPeople) {
    const { id } = await makeUser(app, { name, email, role, passwordHash }, { actor: 'demo', now: since });
    players.push({ id, name, email });
  }
  const idOf = new Map(players.map(({ email, id }) => [email, id]));
  for (const { name, label, members, manager } of demoTeams) {
    const rows = members.flatMap(({ email, weight }) => {
      const userId = idOf.get(email);
      return userId === undefined ? [] : [{ userId, weight }];
    });
    const by = { actor: 'demo', now: since };
    await changeTeam(app, { name, label, managerId: idOf.get(manager) ?? null, members: rows }, by);
  }
  for (const { email, days, note } of demoAway) {
    const off = { from: by.now, to: by.now + days * 24 * 3_600_000, note };
    await bookTimeOff(app, idOf.get(email) ?? '', off, { actor: 'demo', now: since });
  }
  return players;
}

/** What a rep does at a time; epoch ms. */
interface Act {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** Where the telling of a story stands. */
interface Telling {
  readonly story: Story;
  nextCall: number;
  acts: readonly Act[];
  handoffs: number;
}

interface Play {
  readonly now: number;
  readonly players: readonly Player[];
  readonly onSettled: (settled: Settled) => void;
  readonly onTold: (count: number) => void;
  readonly isStopped: () => boolean;
}

/**
 * Tells stories through the real intake and the real loop, each at its own times: calls are taken in, leads handed over,
 * and reps act as their story says. Newest stories first, so that the queue is useful long before all are told.
 */
export function playStories(app: App, stories: readonly Story[], play: Play): Promise<void> {
  const newestFirst = [...stories].sort((a, b) => (b.calls.at(-1)?.at ?? 0) - (a.calls.at(-1)?.at ?? 0));
  return tellAll(app, newestFirst, play);
}

/** Takes stories out of `waiting` as it tells them, so that what was told no longer takes memory. */
async function tellAll(app: App, waiting: Story[], play: Play): Promise<void> {
  const [active] = await activeAgreements(app.db, app.db);
  const business = active?.program.agreement.practice.calendars?.business;
  const desk = { ...play, calendar: business === undefined ? null : compileCalendar(business) };
  let told = 0;
  while (waiting.length > 0) {
    const round = waiting.splice(0, told === 0 ? FIRST_ROUND : LATER_ROUND);
    told += round.length;
    let tellings = round.map((story): Telling => ({ story, nextCall: 0, acts: [], handoffs: 0 }));
    while (tellings.length > 0) {
      if (play.isStopped()) return;
      await tellStep(app, tellings, desk);
      tellings = tellings.filter(
        ({ story, nextCall, acts }) => nextCall < story.calls.length || acts.length > 0,
      );
    }
    play.onTold(told);
  }
}

type Desk = Play & { readonly calendar: WorkCalendar | null };

/** One step of each story: what reps do before its next call, then that call, all calls in one transaction. */
async function tellStep(app: App, tellings: readonly Telling[], desk: Desk): Promise<void> {
  for (const telling of tellings) {
    const callAt = telling.story.calls[telling.nextCall]?.at ?? Number.POSITIVE_INFINITY;
    const due = telling.acts.filter(({ at }) => at <= callAt);
    telling.acts = telling.acts.filter(({ at }) => at > callAt);
    for (const act of due) await act.run();
  }
  const tellingOf = new Map<string, Telling>();
  const calls = tellings.flatMap(telling => {
    const timed = telling.story.calls[telling.nextCall];
    if (timed === undefined) return [];
    telling.nextCall += 1;
    const { call } = readCall(timed.call, { receivedAt: timed.at, trust: 'server', messageId: app.newId() });
    if (call === null) return [];
    tellingOf.set(call.messageId, telling);
    return [call];
  });
  if (calls.length === 0) return;
  const taken = await app.db.transaction(async sql => {
    const done = await takeIn(sql, app, calls, { now: desk.now, batchId: null, opens: 'onCall' });
    await quietHistory(sql, desk.now - NEWS_MS);
    return done;
  });
  const contactOf = new Map(
    taken.placed.map(({ call, contactId }) => [contactId, tellingOf.get(call.messageId)]),
  );
  for (const handoff of taken.handoffs.filter(({ kind }) => kind === 'mql')) {
    const telling = contactOf.get(handoff.contactId);
    if (telling === undefined) continue;
    const sales = telling.handoffs === 0 ? telling.story.sales : telling.story.again;
    telling.handoffs += 1;
    telling.acts = [...telling.acts, ...planActs(app, handoff, sales, desk)].sort((a, b) => a.at - b.at);
  }
  desk.onSettled(taken);
}

/** What the rep of a story does with a handoff, as far as it lies before now. */
function planActs(app: App, handoff: HandoffResult, sales: SalesBehaviour, desk: Desk): readonly Act[] {
  const { handedOffAt, episodeId } = handoff;
  const manager = desk.players[2];
  const owner = desk.players.find(({ id }) => id === handoff.ownerId) ?? manager;
  if (owner === undefined) return [];
  const after = (workMs: number) => addWorkSpan(desk.calendar, handedOffAt, { kind: 'time', ms: workMs });
  const acts: Act[] = [];
  const act = (at: number, run: (by: { readonly actor: string; readonly now: number }) => Promise<void>) =>
    acts.push({ at, run: () => run({ actor: owner.name, now: at }) });
  if (sales.touchAfterWorkMs !== null) {
    const at = after(sales.touchAfterWorkMs);
    if (handoff.ownerId === null)
      act(at, by => reassignLead(app, episodeId, { ownerId: owner.id, note: null }, by));
    act(at, by => logActivity(app, episodeId, { kind: sales.touchBy, note: null, at }, by));
  }
  if (sales.decideAfterWorkMs !== null) {
    const at = after(sales.decideAfterWorkMs);
    const { note, reason } = sales;
    if (sales.decision === 'reject') act(at, by => rejectLead(app, episodeId, { reason, note }, by));
    else {
      act(at, by => acceptLead(app, episodeId, { note }, by));
      acts.push(...planDeal(app, handoff, sales.then, at));
    }
  }
  return acts.filter(({ at }) => at <= desk.now);
}

function planDeal(
  app: App,
  handoff: HandoffResult,
  deal: SalesBehaviour['then'],
  acceptedAt: number,
): readonly Act[] {
  if (deal === null) return [];
  const move = (type: 'opportunity' | 'won' | 'lost', from: 'accepted' | 'opportunity', at: number): Act => ({
    at,
    run: async () => {
      const next = applyOutcome(from, type);
      if (next === null) return;
      const { contactId, agreementId, episodeId } = handoff;
      await app.db.transaction(async sql => {
        const { amount, currency } = deal;
        await saveOutcome(sql, {
          id: episodeId,
          state: next.state,
          amount,
          currency,
          endedAt: next.ends ? at : null,
        });
        await saveStage(sql, { contactId, agreementId }, { stage: next.stage, at, lookAgainAt: null });
      });
    },
  });
  const opened = move('opportunity', 'accepted', acceptedAt + deal.opportunityAfterMs);
  if (deal.outcome === 'opportunity' || deal.closedAfterMs === null) return [opened];
  return [opened, move(deal.outcome, 'opportunity', acceptedAt + deal.closedAfterMs)];
}
