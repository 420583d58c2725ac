import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { FIND_WITHIN_MS } from '../../core/exception/exception.ts';
import { nextDue } from '../../core/followup/due.ts';
import { detailWords, type RoutingReason, reasonWords } from '../../core/routing/reason.ts';
import { waitingLabel } from '../../core/routing/waiting.ts';
import { findSteward } from '../../db/access/user.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { openExceptions } from '../../db/exception/exception.ts';
import { findLeavers, type LeaverRow, takeFromLeavers } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { addLedger } from '../../db/routing/ledger.ts';
import type { App } from '../app.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import type { Settled } from '../evaluation/settle.ts';
import { sweepContacts } from '../evaluation/sweep.ts';
import { raiseExceptions } from '../exception/exception.ts';

/** How many contacts one sweep takes from people who left. */
const LEAVER_BATCH = 50;

/**
 * Takes leads from owners who are no longer active or may no longer work leads, one bounded batch: those that wait for a
 * decision are routed anew at once; those that sales has accepted wait for a manager to say who goes on with them.
 */
export function sweepLeavers(app: App, now: number): Promise<Settled> {
  return sweepContacts(
    app,
    {
      name: 'leads of people who left',
      find: but => findLeavers(app.db, { limit: LEAVER_BATCH, but }),
      work: (sql, ids) => takeFrom(sql, app, ids, now),
    },
    now,
  );
}

async function takeFrom(sql: Sql, app: App, ids: readonly string[], now: number): Promise<Settled> {
  if (!(await lockContacts(sql, ids))) return { contactIds: [], handoffs: [] };
  const left = await takeFromLeavers(sql, ids, waitingLabel('owner_left'));
  const open = left.filter(({ state }) => state === 'open');
  await addJournal(
    sql,
    left.map(row => entryOf(row, now)),
  );
  await addLedger(
    sql,
    left.map(row => ({
      at: now,
      kind: 'owner_left',
      team: row.team,
      userId: row.owner_id,
      episodeId: row.id,
      contactId: row.contact_id,
      agreementId: row.agreement_id,
      entry: null,
      because: reasonWords(whyOf(row), 'full'),
      particulars: { why: whyOf(row) },
      actor: 'routing',
    })),
  );
  const steward = await findSteward(sql);
  await openExceptions(
    sql,
    open.map(row => ({
      ...troubleOf(row, now),
      id: app.newId(),
      ownerId: steward,
      openedAt: now,
      retryAt: now,
    })),
  );
  await raiseExceptions(
    sql,
    app,
    left.filter(({ state }) => state !== 'open').map(row => ({ ...troubleOf(row, now), at: now })),
  );
  return rerouteEpisodes(
    sql,
    app,
    open.map(({ id }) => id),
    { now },
  );
}

function entryOf(row: LeaverRow, now: number): JournalEntry {
  return entry(
    'owner_left',
    { previousOwner: row.owner_id, owner: row.owner_name },
    {
      contactId: row.contact_id,
      episodeId: row.id,
      agreementId: row.agreement_id,
      version: row.version,
      at: now,
      by: 'routing',
    },
  );
}

function whyOf(row: LeaverRow): RoutingReason {
  const { owner_name: owner, contact_name: contact, owner_active: isActive } = row;
  return { kind: 'owner_left', owner, contact, cause: isActive ? 'role' : 'inactive' };
}

function troubleOf(row: LeaverRow, now: number) {
  const due = nextDue({
    firstTouchAt: row.first_touch_at,
    firstTouchDueAt: row.first_touch_due_at,
    decisionDueAt: row.decision_due_at,
  });
  return {
    kind: 'unassigned' as const,
    reason: 'owner_left',
    subject: { kind: 'episode' as const, episodeId: row.id },
    detail: detailWords(whyOf(row)),
    particulars: { isNew: true, why: whyOf(row) },
    contactId: row.contact_id,
    episodeId: row.id,
    dueAt: Math.max(now + FIND_WITHIN_MS, due?.at ?? now),
  };
}
