import type { Happening } from '../../core/condition/event.ts';
import { valueAt } from '../../core/condition/reading.ts';
import { bagOf } from '../../core/contact/bag.ts';
import { entry as journalEntry } from '../../core/contact/journal.ts';
import { textIn } from '../../core/contact/profile.ts';
import { optedOutField } from '../../core/letter/consent.ts';
import {
  mayReach,
  type Outreach,
  type OutreachEntry,
  openOutreach,
  outreachRaised,
} from '../../core/letter/outreach.ts';
import type { Program } from '../../core/scoring/program.ts';
import { loadAddressees } from '../../db/alert/signal.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { addLetters, loadBookings, loadLastOutreach, loadLetterAddressees } from '../../db/letter/letter.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { promiseEvents } from '../alert/hook.ts';
import type { App } from '../app.ts';
import { type HandoffResult, type Lead, leadPerson } from '../scoring/lead.ts';
import { type NewLetter, promiseLetters } from './promise.ts';

/** A refusal that is a minute old does not keep somebody from being answered, who has mended what was wrong. */
const REFUSED_MS = 60_000;

const opened = new WeakMap<Program, { readonly outreach: Outreach | null }>();

function outreachOf({ program }: RunningAgreement): Outreach | null {
  const known = opened.get(program);
  if (known !== undefined) return known.outreach;
  const outreach = openOutreach(program.agreement);
  opened.set(program, { outreach });
  return outreach;
}

/** Something that an entry of the outreach list says to a lead. */
interface Reach {
  readonly lead: Lead;
  readonly entry: OutreachEntry;
}

/**
 * Answers what leads did, in the caller's transaction: by a letter in their owner's name, or by telling other software. To
 * be called for calls that leads made just now, after handoffs are saved, so that a new lead has its owner. A disqualified
 * lead hears nothing, nor one that an entry has spoken to since its time. Nothing is asked of the database unless an event
 * meets an entry.
 */
export async function reachOut(
  sql: Sql,
  app: App,
  of: {
    readonly active: RunningAgreement;
    readonly leads: readonly Lead[];
    readonly changes: ReadonlyMap<
      string,
      { readonly events: readonly Happening[]; readonly facts: readonly unknown[] }
    >;
    readonly handed: ReadonlyMap<string, HandoffResult>;
  },
): Promise<void> {
  const { active, changes, handed } = of;
  const outreach = outreachOf(active);
  if (outreach === null) return;
  const raised: Reach[] = [];
  for (const lead of of.leads) {
    const change = changes.get(lead.row.id);
    if (change === undefined || change.events.length + change.facts.length === 0) continue;
    if (lead.score.disqualified.length > 0) continue;
    const { profile, row, now } = lead;
    const handoff = handed.get(row.id);
    // One that has waited for an owner was answered when it was opened.
    const isHandedOver = handoff?.isNew === true && handoff.kind !== 'closed';
    const asked = { events: change.events, profile, createdAt: row.createdAt, now, isHandedOver };
    for (const entry of outreachRaised(outreach, asked)) raised.push({ lead, entry });
  }
  if (raised.length > 0) await reachAll(sql, app, { active, outreach, raised });
}

async function reachAll(
  sql: Sql,
  app: App,
  of: {
    readonly active: RunningAgreement;
    readonly outreach: Outreach;
    readonly raised: readonly Reach[];
  },
): Promise<void> {
  const { active, outreach, raised } = of;
  const times = raised.map(({ lead }) => lead.now);
  const [first, now] = [Math.min(...times), Math.max(...times)];
  const ids = [...new Set(raised.map(({ lead }) => lead.row.id))];
  const [last, addressees] = await Promise.all([
    loadLastOutreach(sql, ids, {
      since: first - outreach.longestMs,
      refusedSince: first - REFUSED_MS,
    }),
    loadAddressees(
      sql,
      ids.map(contactId => ({ contactId, agreementId: active.id, fallback: active.desk.fallback })),
      now,
    ),
  ]);
  const lastOf = new Map(last.map(row => [`${row.contact_id} ${row.entry}`, row.sent_at]));
  const free = raised.filter(({ lead, entry }) =>
    mayReach(entry, lastOf.get(`${lead.row.id} ${entry.id}`) ?? null, lead.now),
  );
  if (free.length === 0) return;
  const whoOf = new Map(addressees.map(row => [row.contact_id, row]));
  const letters = free.flatMap(({ lead, entry }): readonly NewLetter[] => {
    const who = whoOf.get(lead.row.id);
    if (entry.template === null) return [];
    return [
      {
        ...keyOf({ lead, entry }),
        contactId: lead.row.id,
        episodeId: who?.episode_id ?? null,
        agreementId: active.id,
        version: active.version,
        templateId: entry.template,
        from: entry.from,
        ownerId: who?.owner_id ?? null,
        promisedAt: lead.now,
        notBefore: lead.now + entry.delayMs,
      },
    ];
  });
  await promiseLetters(sql, app, letters);
  const told = free.filter(({ entry }) => entry.webhook !== null);
  if (told.length > 0) await announceAll(sql, app, { active, told, whoOf });
}

/** What makes a letter of an entry one of a kind: a second one, in the same instant, is the same. */
function keyOf({ lead, entry }: Reach) {
  return { purpose: 'outreach' as const, entry: entry.id, key: `${entry.id} ${lead.now}` };
}

type Addressee = Awaited<ReturnType<typeof loadAddressees>>[number];

/** Tells other software to answer leads, and keeps that it was told, as a letter that needs no mail. */
async function announceAll(
  sql: Sql,
  app: App,
  of: {
    readonly active: RunningAgreement;
    readonly told: readonly Reach[];
    readonly whoOf: ReadonlyMap<string, Addressee>;
  },
): Promise<void> {
  const { active, whoOf } = of;
  const ids = [...new Set(of.told.map(({ lead }) => lead.row.id))];
  const owners = [...whoOf.values()].flatMap(({ owner_id: id }) => id ?? []);
  const [stopped, bookings] = await Promise.all([
    loadLetterAddressees(sql, ids, active.id),
    loadBookings(sql, owners),
  ]);
  const isStopped = new Map(
    stopped.map(row => [
      row.id,
      row.is_opted_out || row.is_disqualified || optedOutField(bagOf(row.contact)) !== null,
    ]),
  );
  const told = of.told.filter(({ lead }) => isStopped.get(lead.row.id) === false);
  const rows = told.map(({ lead, entry }) => {
    const who = whoOf.get(lead.row.id);
    return {
      id: app.newId(),
      ...keyOf({ lead, entry }),
      contactId: lead.row.id,
      episodeId: who?.episode_id ?? null,
      agreementId: active.id,
      version: active.version,
      template: null,
      fromAddress: null,
      ownerId: who?.owner_id ?? null,
      state: 'sent' as const,
      because: null,
      createdAt: lead.now,
      notBefore: lead.now + entry.delayMs,
      address: null,
    };
  });
  const added = await addLetters(sql, rows);
  const fresh = told.filter((_, index) => added.has(rows[index]?.id ?? ''));
  await promiseEvents(
    sql,
    fresh.map(({ lead, entry }) => {
      const who = whoOf.get(lead.row.id);
      const owner = bookings.find(({ id }) => id === who?.owner_id);
      const phone = textIn(valueAt(lead.profile.contact, ['phone']));
      return {
        type: 'lead.outreach' as const,
        at: lead.now + entry.delayMs,
        contactId: lead.row.id,
        episodeId: who?.episode_id ?? null,
        data: {
          name: entry.webhook,
          outreach: entry.id,
          text: entry.label,
          lead: { ...leadPerson(lead), phone },
          owner:
            owner === undefined
              ? null
              : { name: owner.name, email: owner.email, bookingUrl: owner.booking_url },
        },
      };
    }),
  );
  await addJournal(
    sql,
    fresh.map(({ lead, entry }) => {
      const who = whoOf.get(lead.row.id);
      return journalEntry(
        'outreach_announced',
        { entry: entry.id, webhook: entry.webhook ?? '', owner: who?.owner_name ?? null },
        {
          contactId: lead.row.id,
          episodeId: who?.episode_id ?? null,
          agreementId: active.id,
          version: active.version,
          at: lead.now,
          by: 'letters',
        },
      );
    }),
  );
}
