import { valueAt } from '../../core/condition/reading.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { textIn } from '../../core/contact/profile.ts';
import { groundsOf } from '../../core/explanation/sentence.ts';
import { CLOCK_KINDS, ticksOf } from '../../core/followup/clock.ts';
import { type DueTimes, dueTimes, pathLabel } from '../../core/handoff/desk.ts';
import type { Opening } from '../../core/handoff/opening.ts';
import { effectsOf } from '../../core/report/decisive.ts';
import { NOBODY } from '../../core/routing/route.ts';
import { groundsWords } from '../../core/scoring/ground.ts';
import { printScore } from '../../core/scoring/print.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { DATED } from '../../core/time/recency.ts';
import type { Sql } from '../../db/database.ts';
import { addClocks, type NewClock } from '../../db/decision/clock.ts';
import { openExceptions } from '../../db/exception/exception.ts';
import { addEpisodes, addTasks, type NewEpisode, type NewTask } from '../../db/handoff/handoff.ts';
import { addJournal } from '../../db/journal.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { type HookEvent, promiseEvents } from '../alert/hook.ts';
import { notify } from '../alert/notify.ts';
import { loadRecent } from '../alert/recent.ts';
import type { App } from '../app.ts';
import { type Decider, type Decision, openDecider } from '../routing/decider.ts';
import { type HandoffResult, type Lead, leadPerson } from '../scoring/lead.ts';
import { type Handed, noticeOf } from './notice.ts';
import { exceptionOf, routeWaiting, type WaitingLead } from './waiting.ts';

/** A contact to open an episode for. Times in epoch ms. */
export interface QualifiedLead extends Lead, Opening {
  readonly active: RunningAgreement;
  readonly qualifiedAt: number;
  /** Who rejected it before: they get it only where nobody else does. */
  readonly keptFrom: string | null;
}

/**
 * Hands leads over: opens one episode each with the frozen breakdown and the reason, finds the owner or says why it waits,
 * makes the task and promises the alerts; and tries again to find owners for those that wait. All in the caller's
 * transaction.
 */
export async function handOver(
  sql: Sql,
  app: App,
  {
    candidates,
    waiting,
  }: { readonly candidates: readonly QualifiedLead[]; readonly waiting: readonly WaitingLead[] },
): Promise<readonly HandoffResult[]> {
  if (candidates.length + waiting.length === 0) return [];
  const decider = await openDecider(sql, app, [...candidates, ...waiting]);
  const rerouted = await routeWaiting(sql, app, decider, waiting);
  const prepared = [...candidates]
    .sort((a, b) => a.now - b.now)
    .map(one => prepare(one, decider, app.newId()));
  const [opened, recent] = await Promise.all([
    addEpisodes(sql, prepared.map(episodeOf)),
    loadRecentOf(sql, [
      ...prepared.filter(({ isClosed }) => !isClosed),
      ...rerouted.owned,
      ...rerouted.stranded,
    ]),
  ]);
  const all = prepared.filter(({ episodeId }) => opened.has(episodeId));
  const handoffs = all.filter(({ isClosed }) => !isClosed);
  await Promise.all([
    addTasks(
      sql,
      handoffs.map(handoff => taskOf(handoff, app.newId())),
    ),
    addClocks(sql, handoffs.flatMap(clocksOf)),
    openExceptions(
      sql,
      handoffs.flatMap(handoff => waitOf(handoff, decider, app.newId)),
    ),
    decider.staff.save(sql, new Set([...opened, ...rerouted.owned.map(({ episodeId }) => episodeId)])),
    addJournal(sql, all.map(entryOf)),
    notify(
      sql,
      app,
      [...handoffs, ...rerouted.owned, ...rerouted.stranded].map(one => noticeOf(one, { decider, recent })),
    ),
    promiseEvents(sql, all.flatMap(factsOf)),
  ]);
  return [...rerouted.handoffs, ...all.map(resultOf)];
}

/** A handoff as it was decided, before anything of it is stored. */
interface Handoff extends Handed {
  readonly lead: QualifiedLead;
  readonly due: DueTimes;
  /** Whether a disqualifier closes it at once. */
  readonly isClosed: boolean;
}

function prepare(lead: QualifiedLead, decider: Decider, episodeId: string): Handoff {
  const { active, now: at, score, subject, profile, disqualifier, keptFrom } = lead;
  const byHand = lead.byHand ?? null;
  const isClosed = disqualifier !== null && disqualifier.route === null;
  const team = disqualifier?.route ?? null;
  const due = dueTimes(active.desk, { subject, score, at });
  const grounds = groundsOf({ agreement: active.program.agreement, profile, score, at, events: null });
  return {
    lead,
    episodeId,
    due,
    isClosed,
    firstTouchDueAt: due.firstTouchDueAt,
    pathLabel: pathLabel(active.program.agreement, lead.path),
    sentence: groundsWords(grounds, DATED),
    grounds,
    decision: isClosed
      ? CLOSED
      : decider.decide({
          active,
          lead,
          episodeId,
          team,
          except: [],
          keptFrom: byHand === null ? keptFrom : null,
          byHand,
        }),
  };
}

const CLOSED: Decision = { assignment: NOBODY, alike: null };

function episodeOf({
  lead,
  episodeId,
  due,
  isClosed,
  pathLabel: label,
  sentence,
  grounds,
  decision,
}: Handoff): NewEpisode {
  const { active, row, score, subject, now: at, nextChangeAt, disqualifier, profile } = lead;
  const { assignment } = decision;
  const isRouted = disqualifier !== null && !isClosed;
  const frozen = { lines: score.lines, qualifies: disqualifier === null ? score.qualifies : null };
  return {
    id: episodeId,
    contactId: row.id,
    agreementId: active.id,
    version: active.version,
    state: isClosed ? 'disqualified' : 'open',
    endedAt: isClosed ? at : null,
    disqualifier: disqualifier === null ? null : { id: disqualifier.id, label: disqualifier.label },
    path: lead.path,
    pathLabel: label,
    total: score.total,
    grade: score.grade,
    sentence,
    grounds,
    breakdown: printScore({ id: row.id, at, score, nextChangeAt }),
    ...effectsOf(active.program, frozen, { subject, t: at }),
    qualifiedAt: lead.qualifiedAt,
    handedOffAt: at,
    ownerId: assignment.owner?.id ?? null,
    team: assignment.team,
    waitingFor: assignment.waitingFor,
    routedBecause: isRouted
      ? `${disqualifier.label}: ${assignment.because}`
      : isClosed
        ? `closed: ${disqualifier?.label ?? ''}`
        : assignment.because,
    source: lead.source,
    segment: textIn(valueAt(profile.company, ['segment'])) ?? textIn(valueAt(profile.contact, ['segment'])),
    campaign: textIn(valueAt(profile.contact, ['campaign'])),
    content: textIn(valueAt(profile.contact, ['content'])),
    firstTouchDueAt: isClosed ? null : due.firstTouchDueAt,
    decisionDueAt: isClosed ? null : due.decisionDueAt,
  };
}

/** The clocks that a handoff starts, and when the sweeps look at each first. */
function clocksOf({ lead: { now: startedAt }, episodeId, due }: Handoff): readonly NewClock[] {
  const { entry, firstTouchDueAt, decisionDueAt } = due;
  if (entry === null) return [];
  return CLOCK_KINDS.flatMap(kind => {
    const dueAt = kind === 'firstTouch' ? firstTouchDueAt : decisionDueAt;
    if (dueAt === null) return [];
    const { calendar, remind } = entry;
    const [first] = ticksOf({ ...UNTOUCHED, kind, startedAt, dueAt, calendar, remind });
    return [{ episodeId, kind, entry: entry.id, tickAt: first?.at ?? dueAt }];
  });
}

const UNTOUCHED = { stoppedAt: null, wasMissed: false, rests: [], reassignAfter: null };

function taskOf({ lead, episodeId, decision, due }: Handoff, id: string): NewTask {
  return {
    id,
    episodeId,
    ownerId: decision.assignment.owner?.id ?? null,
    title: `First touch: ${lead.row.name}`,
    dueAt: due.firstTouchDueAt,
  };
}

function waitOf({ lead, episodeId, decision, due }: Handoff, { staff }: Decider, newId: App['newId']) {
  if (decision.assignment.owner !== null) return [];
  const stewardId = staff.steward(decision.assignment.team)?.id ?? null;
  return [exceptionOf({ id: newId(), lead, episodeId, decision, ownerDueAt: due.ownerDueAt, stewardId })];
}

function entryOf({ lead, episodeId, isClosed, decision, pathLabel: label, sentence }: Handoff): JournalEntry {
  const { active, row, now, path, score, qualifiedAt, disqualifier } = lead;
  const { owner, team, waitingFor, because } = decision.assignment;
  const { id: agreementId, version } = active;
  const about = { contactId: row.id, episodeId, agreementId, version, at: now, by: 'routing' };
  const said = {
    path,
    pathLabel: label,
    sentence,
    total: score.total,
    owner: owner?.name ?? null,
    team,
    waitingFor,
    because,
    qualifiedAt: instantOrNull(qualifiedAt),
  };
  if (disqualifier === null) return entry('handoff', said, about);
  const why = { reason: disqualifier.id, reasonLabel: disqualifier.label };
  return entry(isClosed ? 'closed' : 'handoff', { ...said, ...why }, about);
}

/** What they did lately, for the messages about them. */
function loadRecentOf(sql: Sql, handed: readonly Handed[]) {
  return loadRecent(
    sql,
    handed.map(({ lead: { row, now, active } }) => ({ contactId: row.id, program: active.program, now })),
  );
}

function factsOf({
  lead,
  episodeId,
  isClosed,
  decision,
  due,
  pathLabel: label,
  sentence,
}: Handoff): readonly HookEvent[] {
  const { row, score, now: at, disqualifier, path, qualifiedAt } = lead;
  const { owner, team, because, waiting } = decision.assignment;
  const base = { at, contactId: row.id, episodeId };
  if (isClosed) {
    const data = { reason: disqualifier?.id ?? null, reasonLabel: disqualifier?.label ?? null };
    return [{ ...base, type: 'lead.closed', data }];
  }
  const handed: HookEvent = {
    ...base,
    type: 'lead.handed_off',
    data: {
      contact: leadPerson(lead),
      path: { id: path, label },
      total: score.total,
      grade: score.grade,
      sentence,
      qualifiedAt: formatInstant(qualifiedAt),
      owner: owner === null ? null : { id: owner.id, name: owner.name, email: owner.email },
      team,
      because,
      firstTouchDueAt: instantOrNull(due.firstTouchDueAt),
      decisionDueAt: instantOrNull(due.decisionDueAt),
    },
  };
  if (waiting === null) return [handed];
  const { reason, detail } = waiting;
  const data = { reason, detail, dueAt: formatInstant(due.ownerDueAt) };
  return [handed, { ...base, type: 'exception.opened', data }];
}

function resultOf({ lead, episodeId, isClosed, decision }: Handoff): HandoffResult {
  const { row, active, qualifiedAt, now, disqualifier } = lead;
  return {
    kind: isClosed ? 'closed' : disqualifier === null ? 'mql' : 'routed',
    contactId: row.id,
    agreementId: active.id,
    episodeId,
    isNew: true,
    ownerId: decision.assignment.owner?.id ?? null,
    qualifiedAt,
    handedOffAt: now,
  };
}
