import type { RouteTarget } from '../agreement/practice.ts';
import type { Desk } from '../handoff/desk.ts';
import { type Breakdown, type Subject, sumsOf } from '../scoring/score.ts';
import type { Person } from './attendance.ts';
import { outcomeWords, waitingReasonOf } from './outcome.ts';
import { type PassedOver, type Staff, take } from './pick.ts';
import {
  detailWords,
  isObstacle,
  type RoutingReason,
  reasonWords,
  type Tried,
  type WaitingCause,
  waitingReasonFor,
} from './reason.ts';
import type { RotaStep } from './rota.ts';
import { type WaitingReason, waitingLabel } from './waiting.ts';

/** When a lead that nobody could take is looked at again where nothing known will change; epoch ms. */
const LOOK_AGAIN_MS = 15 * 60_000;

/** A lead to be given out: what conditions read of it, and when. */
export interface Lead {
  readonly subject: Subject;
  readonly score: Breakdown;
  readonly at: number;
}

/** A routing entry that held and that nobody could take the lead by. */
interface Skipped {
  readonly id: string;
  readonly label: string;
  readonly reason: WaitingReason;
  readonly words: string;
}

/** Who gets a lead and why; without an owner, which team's queue holds it and what it waits for. */
export interface Assignment {
  readonly owner: Person | null;
  /** The owner's team, or the team whose queue it waits in. */
  readonly team: string | null;
  readonly entry: { readonly id: string; readonly label: string } | null;
  /** Null for a lead that was not routed at all. */
  readonly why: RoutingReason | null;
  /** The same in one sentence. */
  readonly because: string;
  /** Those whose turn it could have been. */
  readonly eligible: readonly string[];
  readonly passedOver: readonly PassedOver[];
  readonly skipped: readonly Skipped[];
  readonly waiting: { readonly reason: WaitingReason; readonly detail: string } | null;
  /** The label of what it waits for. */
  readonly waitingFor: string | null;
  /** The profile's fields without which no entry can hold; only where that is what it waits for. */
  readonly missing: readonly string[];
  /** The earliest moment at which anything known changes; null when somebody got it. */
  readonly retryAt: number | null;
  /** How the team's rota moves on. */
  readonly step: Extract<RotaStep, { kind: 'assigned' }> | null;
}

/**
 * Gives a lead to the first routing entry whose condition holds and that has somebody to take it; else to the fallback
 * queue with a named reason and the time to try again. With `team`, that team takes the place of the entries. People at
 * work come first; where nobody is at work but some start later, it goes to one of those. Never to somebody who is
 * inactive, of a role that works no leads, paused, on time off or has as many leads as they take. Who rejected
 * it before gets it only where nobody else does; who opened it by hand gets it, if they can.
 */
export function route(
  desk: Desk,
  lead: Lead,
  staff: Staff,
  team: string | null = null,
  byHand: string | null = null,
): Assignment {
  const opener = byHand === null ? undefined : staff.people.find(({ id }) => id === byHand);
  if (opener !== undefined) {
    const to = { kind: 'owner', email: opener.email.toLowerCase() } as const;
    const own = routeBy(desk, lead, staff, {
      team: null,
      entries: [{ id: null, label: 'Opened by hand', to }],
    });
    if (own.owner !== null) return own;
  }
  const entries = entriesFor(desk, lead, team);
  const first = routeBy(desk, lead, staff, { team, entries });
  const isKept = first.owner === null && (staff.keptFrom ?? null) !== null;
  return isKept ? routeBy(desk, lead, { ...staff, keptFrom: null }, { team, entries }) : first;
}

/** An entry to be asked for somebody; the id is null for what stands beside the routing list. */
interface AskedEntry {
  readonly id: string | null;
  readonly label: string;
  readonly to: RouteTarget;
}

function entriesFor(desk: Desk, lead: Lead, team: string | null): readonly AskedEntry[] {
  if (team !== null) return [{ id: null, label: `Team ${team}`, to: { kind: 'team', team, by: 'weighted' } }];
  const sums = sumsOf(desk.program, lead.score);
  return desk.routes.filter(({ when }) => when === null || when(lead.subject.readings, lead.at, sums));
}

function routeBy(
  desk: Desk,
  lead: Lead,
  staff: Staff,
  { team, entries: held }: { readonly team: string | null; readonly entries: readonly AskedEntry[] },
): Assignment {
  const tried: Tried[] = [];
  const passedOver: PassedOver[] = [];
  const retries: number[] = [];
  for (const { id, label, to } of held) {
    const found = take(to, staff, lead.at);
    const own = found.passedOver.filter(({ userId }) => !passedOver.some(other => other.userId === userId));
    passedOver.push(...own);
    retries.push(...found.passedOver.flatMap(({ until }) => until ?? []));
    if (found.kind === 'taken') {
      const why = {
        kind: 'given',
        tried,
        entry: { id, label },
        grant: found.grant,
        isMissed: false,
      } as const;
      const entry = id === null ? null : { id, label };
      return { ...NOBODY, ...found.given, entry, ...told(why), passedOver, skipped: tried.map(skippedOf) };
    }
    tried.push({ entry: { id, label }, lack: found.lack });
  }
  // A company that nobody owns yet says nothing about the lead: it is as if no entry held.
  const missing = tried.some(isObstacle) ? [] : missingFields(desk, lead);
  const reason = reasonFor(desk, tried, missing);
  const later = retries.filter(at => at > lead.at);
  return {
    ...NOBODY,
    team: team ?? desk.fallback,
    ...waitingFor({ kind: 'waiting', tried, team, reason, missing: [...missing] }),
    passedOver,
    skipped: tried.map(skippedOf),
    missing,
    retryAt: later.length === 0 ? lead.at + LOOK_AGAIN_MS : Math.min(...later),
  };
}

function told(why: RoutingReason) {
  return { why, because: reasonWords(why, 'full') };
}

function waitingFor(why: WaitingCause) {
  const reason = waitingReasonFor(why);
  const waiting = { reason, detail: detailWords(why) };
  return { ...told(why), waiting, waitingFor: waitingLabel(reason) };
}

function skippedOf({ entry: { id, label }, lack }: Tried): Skipped {
  return { id: id ?? '', label, reason: waitingReasonOf(lack), words: outcomeWords(lack, 'full') };
}

/** The fields that say where a lead can be reached. */
const REACHED_BY = ['contact.email', 'contact.phone'];

/** Keeps a lead back before it is given to anybody: it waits in the fallback queue until a person or new facts free it. */
export function hold(desk: Desk, why: HoldingCause): Assignment {
  const missing = why.kind === 'unreachable' ? REACHED_BY : [];
  return { ...NOBODY, team: desk.fallback, ...waitingFor(why), missing };
}

/** Why a lead is kept back before anybody is asked. */
export type HoldingCause = Exclude<WaitingCause, { kind: 'waiting' }>;

/** An assignment that gives a lead to nobody and keeps it nowhere. */
export const NOBODY: Assignment = {
  owner: null,
  team: null,
  entry: null,
  why: null,
  because: '',
  eligible: [],
  passedOver: [],
  skipped: [],
  waiting: null,
  waitingFor: null,
  missing: [],
  retryAt: null,
  step: null,
};

function reasonFor(desk: Desk, tried: readonly Tried[], missing: readonly string[]): WaitingReason {
  if (desk.routes.length === 0 && tried.length === 0) return 'no_routing';
  if (missing.length > 0) return 'missing_data';
  const last =
    tried.filter(isObstacle).at(-1) ?? (tried.length === desk.routes.length ? tried.at(-1) : undefined);
  return last === undefined ? 'no_entry_matched' : waitingReasonOf(last.lack);
}

/** The fields of the profile that are not known and that keep entries of the routing list from holding; dotted names. */
export function missingFields(desk: Desk, { subject }: Pick<Lead, 'subject'>): readonly string[] {
  const isMissing = (number: number) => {
    const reading = subject.readings[number];
    return reading === undefined || (typeof reading !== 'number' && reading.missing);
  };
  const gaps = desk.routes.flatMap(entry => entry.gaps).filter(({ number }) => isMissing(number));
  return [...new Set(gaps.map(({ field }) => field))].sort();
}
