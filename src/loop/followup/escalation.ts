import { plainAlert } from '../../core/alert/message.ts';
import { workedBy } from '../../core/followup/clock.ts';
import { leftWords } from '../../core/followup/words.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { findStewards } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { findByAddress, listTeamMembers, type PauseRow, type TickingRow } from '../../db/decision/clock.ts';
import type { HookEvent } from '../alert/hook.ts';
import type { Notice } from '../alert/notify.ts';
import type { KnownClock } from '../handoff/clock.ts';

/** Who is told of a missed clock. */
interface Told {
  readonly userIds: readonly string[];
  /** Addresses that are nobody's here. */
  readonly addresses: readonly string[];
  /** As the agreement names them; null where it names nobody. */
  readonly words: string | null;
}

/** A clock that was missed, and who is told. */
export interface Missed {
  readonly row: TickingRow;
  readonly clock: KnownClock;
  readonly told: Told;
  /** Who looks after the lead while nobody owns it. */
  readonly stewardId: string | null;
}

/**
 * Loads who is told of what was missed: the manager of the team, the team, or an address; and who looks after the leads
 * that nobody owns.
 */
export async function loadTold(
  sql: Sql,
  of: readonly { readonly row: TickingRow; readonly to: string | null }[],
): Promise<{
  readonly of: (row: TickingRow, to: string | null) => Told;
  readonly stewardOf: (row: TickingRow) => string | null;
}> {
  const teams = [...new Set(of.map(({ row }) => row.team))];
  const named = [
    ...new Set(of.flatMap(({ row, to }) => (to === 'team' && row.team !== null ? [row.team] : []))),
  ];
  const addresses = [...new Set(of.flatMap(({ to }) => (to?.includes('@') === true ? [to] : [])))];
  const [stewards, members, users] = await Promise.all([
    teams.length === 0 ? new Map<string | null, string | null>() : findStewards(sql, teams),
    named.length === 0 ? [] : listTeamMembers(sql, named),
    addresses.length === 0 ? [] : findByAddress(sql, addresses),
  ]);
  const stewardOf = ({ team }: TickingRow) => stewards.get(team) ?? null;
  const peopleOf = (row: TickingRow, to: string): Omit<Told, 'words'> => {
    if (to.includes('@')) {
      const ids = users.filter(({ email }) => email === to).map(({ id }) => id);
      return { userIds: ids, addresses: ids.length === 0 ? [to] : [] };
    }
    const steward = stewardOf(row);
    const own = members.filter(({ team }) => team === row.team).map(({ user_id: id }) => id);
    const userIds = to === 'team' && own.length > 0 ? own : steward === null ? [] : [steward];
    return { userIds, addresses: [] };
  };
  return {
    stewardOf,
    of: (row, to) =>
      to === null ? { userIds: [], addresses: [], words: null } : { ...peopleOf(row, to), words: to },
  };
}

const WORK = { firstTouch: 'first touch', decision: 'decision' } as const;
const TITLE = { firstTouch: 'First touch', decision: 'Decision' } as const;
const NEXT = {
  firstTouch: 'Reach out, and log what came of it.',
  decision: 'Accept the lead, or reject it with a reason.',
} as const;

/** Reminds the owner of a lead, or who looks after it while nobody owns it, that a clock runs out. */
export function noticeOfReminder(
  {
    row,
    clock,
    tick,
    stewardId,
  }: {
    readonly row: TickingRow;
    readonly clock: KnownClock;
    readonly tick: { readonly share: number };
    readonly stewardId: string | null;
  },
  now: number,
): Notice {
  const { kind } = clock.facts;
  const left = workedBy(clock.facts, clock.facts.dueAt) - workedBy(clock.facts, now);
  const when = left <= 0 ? 'it is due now' : `it is due in ${leftWords(left)} of working time`;
  return {
    at: now,
    to: [row.owner_id ?? stewardId].filter(id => id !== null),
    label: `${TITLE[kind]} due soon`,
    payload: payloadOf(row, clock, {
      occasion: `${TITLE[kind]} due soon`,
      sentence: `${tick.share} % of the time for the ${WORK[kind]} is gone: ${when}.`,
      nextStep: NEXT[kind],
    }),
  };
}

/**
 * Tells that a clock was missed: the owner, or who looks after the lead, and those that the agreement names. It breaks into
 * quiet hours.
 */
export function noticeOfMiss({ row, clock, told, stewardId }: Missed, now: number): Notice {
  const { kind } = clock.facts;
  const whose = row.owner_name === null ? 'Nobody owns the lead.' : `The lead is with ${row.owner_name}.`;
  const missing =
    kind === 'firstTouch' ? 'Nobody has tried to reach the person' : 'Nobody has decided on the lead';
  const reassign = clock.facts.reassignAfter !== null && row.state === 'open' && row.owner_id !== null;
  const next = reassign ? ' If nothing happens it goes to somebody else.' : '';
  return {
    at: now,
    to: [...new Set([...[row.owner_id ?? stewardId].filter(id => id !== null), ...told.userIds])],
    addresses: told.addresses,
    label: `${TITLE[kind]} missed`,
    isUrgent: true,
    payload: payloadOf(row, clock, {
      occasion: `${TITLE[kind]} missed`,
      sentence: `${missing} in time. ${whose}${next}`,
      nextStep: NEXT[kind],
    }),
  };
}

/** Tells the owner that a pause is over: the time for the decision runs again. */
export function noticeOfResumption(
  { row, clock, pause }: { readonly row: TickingRow; readonly clock: KnownClock; readonly pause: PauseRow },
  now: number,
): readonly Notice[] {
  if (row.owner_id === null) return [];
  return [
    {
      at: now,
      to: [row.owner_id],
      label: 'A pause is over',
      payload: payloadOf(row, clock, {
        occasion: 'A pause is over',
        sentence: `The time for the decision runs again. It was paused for: ${pause.reason ?? ''}`,
        nextStep: NEXT.decision,
      }),
    },
  ];
}

function payloadOf(
  row: TickingRow,
  { facts: { kind, dueAt } }: KnownClock,
  said: { readonly occasion: string; readonly sentence: string; readonly nextStep: string },
): Notice['payload'] {
  return plainAlert({
    kind: 'clock',
    ...said,
    episodeId: row.id,
    contactId: row.contact_id,
    lead: {
      name: row.contact_name,
      title: row.contact_title,
      company: row.contact_company,
      email: row.contact_email,
    },
    total: row.total,
    grade: row.grade,
    pathLabel: row.path_label,
    ownerName: row.owner_name,
    source: row.source,
    dueAt,
    dueKind: kind,
  });
}

/** What webhooks hear of a missed clock. */
export function eventOf({ row, clock }: Missed, now: number): HookEvent {
  const { kind, dueAt } = clock.facts;
  return {
    type: 'lead.clock_missed',
    at: now,
    contactId: row.contact_id,
    episodeId: row.id,
    data: {
      contact: {
        name: row.contact_name,
        title: row.contact_title,
        email: row.contact_email,
        company: row.contact_company,
      },
      total: row.total,
      grade: row.grade,
      clock: kind,
      dueAt: formatInstant(dueAt),
      entry: clock.entry?.id ?? null,
      owner: row.owner_name,
    },
  };
}
