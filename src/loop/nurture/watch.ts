import { bagOf } from '../../core/contact/bag.ts';
import type { Exit } from '../../core/contact/exit.ts';
import { optedOutField } from '../../core/letter/consent.ts';
import { exitBy } from '../../core/nurture/exit.ts';
import type { Sql } from '../../db/database.ts';
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
  const awake: string[] = [];
  for (const [contactId, standing] of standings) {
    if (standing.is_woken === true && handed.has(contactId)) awake.push(contactId);
    const { nurture_id: id } = standing;
    if (id === null) continue;
    const given = { handed: handed.get(contactId), lead: leadOf.get(contactId) };
    const exit =
      exitOf(given, active) ??
      (await exitByEvents(sql, app, standing, { active, change: changes.get(contactId) }));
    const now = changes.get(contactId)?.now ?? given.lead?.now;
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

async function exitByEvents(
  sql: Sql,
  app: App,
  { track, track_entered_at: enteredAt, track_version: version }: LoadedStanding,
  { active, change }: { readonly active: ActiveAgreement; readonly change: Change | undefined },
): Promise<Exit | null> {
  if (change === undefined || change.events.length === 0) return null;
  if (track === null || enteredAt === null || version === null) return null;
  const { program } = await agreementOf(sql, app.db, { id: active.id, version });
  return exitBy(program.agreement, { track, enteredAt }, change.events);
}
