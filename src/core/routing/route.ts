import { nameWords } from '../condition/words.ts';
import type { Desk } from '../handoff/desk.ts';
import { type Breakdown, type Subject, sumsOf } from '../scoring/score.ts';
import type { Person } from './attendance.ts';
import { type PassedOver, type Staff, take } from './pick.ts';
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
  /** One sentence. */
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
 * inactive, of a role that works no leads, paused, on time off or has as many leads as they take.
 */
export function route(desk: Desk, lead: Lead, staff: Staff, team: string | null = null): Assignment {
  const sums = sumsOf(desk.program, lead.score);
  const held =
    team === null
      ? desk.routes.filter(({ when }) => when === null || when(lead.subject.readings, lead.at, sums))
      : [{ id: null, label: `Team ${team}`, to: { kind: 'team', team, by: 'weighted' } as const }];
  const skipped: Skipped[] = [];
  const passedOver: PassedOver[] = [];
  const retries: number[] = [];
  for (const { id, label, to } of held) {
    const found = take(to, staff, lead.at);
    const own = found.passedOver.filter(({ userId }) => !passedOver.some(other => other.userId === userId));
    passedOver.push(...own);
    retries.push(...found.passedOver.flatMap(({ until }) => until ?? []));
    const entry = id === null ? null : { id, label };
    if (found.kind === 'taken') {
      const because = [...told(skipped), `${label}: ${found.because}`].join('; ');
      return { ...NOBODY, ...found.given, entry, because, passedOver, skipped };
    }
    skipped.push({ id: id ?? '', label, reason: found.reason, words: found.words });
  }
  // A company that nobody owns yet says nothing about the lead: it is as if no entry held.
  const isUnmatched = !skipped.some(isTelling);
  const missing = isUnmatched ? missingFields(desk, lead) : [];
  const waiting = waitingOf(desk, skipped, missing);
  const waitingFor = waitingLabel(waiting.reason);
  const later = retries.filter(at => at > lead.at);
  return {
    ...NOBODY,
    team: team ?? desk.fallback,
    because: [
      ...told(skipped),
      `${team === null ? 'fallback queue' : `queue of team ${team}`}: ${waitingFor}`,
    ].join('; '),
    passedOver,
    skipped,
    waiting,
    waitingFor,
    missing,
    retryAt: later.length === 0 ? lead.at + LOOK_AGAIN_MS : Math.min(...later),
  };
}

/** Keeps a lead back before it is given to anybody: it waits in the fallback queue until a person or new facts free it. */
export function hold(
  desk: Desk,
  because: {
    readonly reason: WaitingReason;
    readonly detail: string;
    readonly missing?: readonly string[];
  },
): Assignment {
  const { reason, detail, missing = [] } = because;
  const waitingFor = waitingLabel(reason);
  return {
    ...NOBODY,
    team: desk.fallback,
    because: `held: ${waitingFor}`,
    waiting: { reason, detail },
    waitingFor,
    missing,
  };
}

/** An assignment that gives a lead to nobody and keeps it nowhere. */
export const NOBODY: Assignment = {
  owner: null,
  team: null,
  entry: null,
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

/** Whether what stood in the way says something about the lead: that nobody owns its company yet does not. */
function isTelling({ reason }: Skipped): boolean {
  return reason !== 'no_company_owner';
}

/** What stood in the way of entries, in words. A company that nobody owns yet is no trouble, and told where nothing else is. */
function told(skipped: readonly Skipped[]): readonly string[] {
  const telling = skipped.filter(isTelling);
  return (telling.length === 0 ? skipped : telling).map(({ label, words }) => `${label}: ${words}`);
}

function waitingOf(
  desk: Desk,
  skipped: readonly Skipped[],
  missing: readonly string[],
): { readonly reason: WaitingReason; readonly detail: string } {
  if (desk.routes.length === 0 && skipped.length === 0)
    return { reason: 'no_routing', detail: 'The agreement says nowhere who gets a lead.' };
  if (missing.length > 0)
    return { reason: 'missing_data', detail: `Not known: ${missing.map(fieldLabel).join(', ')}` };
  const last =
    skipped.filter(isTelling).at(-1) ?? (skipped.length === desk.routes.length ? skipped.at(-1) : undefined);
  if (last === undefined)
    return { reason: 'no_entry_matched', detail: 'No entry of the routing list holds for this lead.' };
  return { reason: last.reason, detail: told(skipped).join('; ') };
}

/** A profile's field in words: "company annual revenue". */
function fieldLabel(field: string): string {
  return field
    .split('.')
    .filter((part, index) => index > 0 || part !== 'contact')
    .map(nameWords)
    .join(' ');
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
