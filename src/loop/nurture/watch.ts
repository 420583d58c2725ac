import { bagOf } from '../../core/contact/bag.ts';
import type { Exit } from '../../core/contact/exit.ts';
import { optedOutField } from '../../core/letter/consent.ts';
import { exitBy } from '../../core/nurture/exit.ts';
import type { Sql } from '../../db/database.ts';
import { listActiveNurture } from '../../db/nurture/nurture.ts';
import { dropWakeups } from '../../db/nurture/wakeup.ts';
import { type ActiveAgreement, agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';
import type { Change } from '../contact/change.ts';
import type { HandoffResult, Lead } from '../scoring/lead.ts';
import type { LoadedStanding } from '../scoring/standing.ts';
import { leaveTracks } from './track.ts';

/** What an evaluation found, as far as tracks need it; by contact. */
interface Evaluated {
  readonly active: ActiveAgreement;
  readonly standings: ReadonlyMap<string, LoadedStanding>;
  readonly leads: readonly Lead[];
  readonly changes: ReadonlyMap<string, Change>;
  readonly handed: ReadonlyMap<string, HandoffResult>;
}

/**
 * Ends the tracks of contacts that an evaluation handed over, found disqualified or opted out, or that did what ends a track;
 * and takes back the dates that were set for those handed over. Costs nothing where nobody is in a track.
 */
export async function watchTracks(sql: Sql, app: App, evaluated: Evaluated): Promise<void> {
  const { active, standings, changes, handed, leads } = evaluated;
  const leadOf = new Map(leads.map(lead => [lead.row.id, lead]));
  const leaving: ({ readonly id: string; readonly now: number } & Exit)[] = [];
  const stood = [...standings.values()];
  const awake = stood.filter(one => one.is_dated && handed.has(one.contact_id)).map(one => one.contact_id);
  for (const enrolment of await enrolmentsOf(sql, active, stood)) {
    const { id, contact_id: contactId } = enrolment;
    const change = changes.get(contactId);
    const given = { handed: handed.get(contactId), lead: leadOf.get(contactId) };
    const exit = exitOf(given, active) ?? (await exitByEvents(sql, app, enrolment, change));
    const now = change?.now ?? given.lead?.now;
    if (exit !== null && now !== undefined) leaving.push({ id, now, ...exit });
  }
  for (const now of new Set(leaving.map(one => one.now)))
    await leaveTracks(
      sql,
      leaving.filter(one => one.now === now),
      { actor: 'nurture', now },
    );
  if (awake.length > 0) await dropWakeups(sql, awake, active.id);
}

function exitOf(
  { handed, lead }: { readonly handed: HandoffResult | undefined; readonly lead: Lead | undefined },
  { program }: ActiveAgreement,
): Exit | null {
  if (handed !== undefined && handed.kind !== 'closed') return { because: 'handed_over', note: null };
  const [id] = lead?.score.disqualified ?? [];
  const field = lead === undefined ? null : optedOutField(bagOf(lead.profile.contact));
  if (id === undefined) return field === null ? null : { because: 'unsubscribed', note: field };
  const label = program.agreement.disqualify.find(other => other.id === id)?.label ?? id;
  return { because: 'disqualified', note: label };
}

type Enrolment = Awaited<ReturnType<typeof listActiveNurture>>[number];

/** The tracks that contacts are in under an agreement, by whichever of their episodes. */
async function enrolmentsOf(
  sql: Sql,
  active: ActiveAgreement,
  stood: readonly LoadedStanding[],
): Promise<readonly Enrolment[]> {
  const nurtured = stood.filter(one => one.is_nurtured).map(one => one.contact_id);
  if (nurtured.length === 0) return [];
  return (await listActiveNurture(sql, nurtured)).filter(one => one.agreement_id === active.id);
}

async function exitByEvents(
  sql: Sql,
  app: App,
  { agreement_id: agreementId, version, track, entered_at: enteredAt }: Enrolment,
  change: Change | undefined,
): Promise<Exit | null> {
  if (change === undefined || change.events.length === 0) return null;
  const { program } = await agreementOf(sql, app.db, { id: agreementId, version });
  return exitBy(program.agreement, { track, enteredAt }, change.events);
}
