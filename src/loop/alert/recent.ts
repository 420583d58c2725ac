import type { AlertBody } from '../../core/alert/message.ts';
import { deedsInWords, makeIntent } from '../../core/alert/recent.ts';
import type { Happening } from '../../core/condition/event.ts';
import { groupBy } from '../../core/contact/group.ts';
import type { Program } from '../../core/scoring/program.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { loadRecentEvents } from '../../db/alert/alert.ts';
import type { Sql } from '../../db/database.ts';

/** How far back is lately, in ms: what a rep can still refer to in a call. */
const LATELY_MS = 30 * DAY_MS;
/** How many events are read of each contact, and how many things are told of them. */
const READ = 40;
const TOLD = 5;

const intents = new WeakMap<Program, (event: Happening) => boolean>();

function intentOf(program: Program): (event: Happening) => boolean {
  const known = intents.get(program);
  if (known !== undefined) return known;
  const made = makeIntent(program.agreement);
  intents.set(program, made);
  return made;
}

/** Loads what contacts that mean to buy did lately, by contact, newest first; of those who did nothing of the kind, nothing. */
export async function loadRecent(
  sql: Sql,
  of: readonly { readonly contactId: string; readonly program: Program; readonly now: number }[],
): Promise<ReadonlyMap<string, NonNullable<AlertBody['recent']>>> {
  if (of.length === 0) return new Map();
  const since = Math.min(...of.map(({ now }) => now)) - LATELY_MS;
  const contactIds = [...new Set(of.map(({ contactId }) => contactId))];
  const rows = await loadRecentEvents(sql, { contactIds, since, limit: READ });
  const events = groupBy(rows, row => row.contact_id);
  return new Map(
    of.map(({ contactId, program }) => {
      const isIntent = intentOf(program);
      return [contactId, [...deedsInWords((events.get(contactId) ?? []).filter(isIntent), TOLD)]];
    }),
  );
}
