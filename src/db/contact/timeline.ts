import { type Sql, stampOrNull, statement } from '../database.ts';

/** A position in a timeline. At one instant the journal comes before the events: it tells what they led to. */
export interface TimelinePosition {
  readonly at: number;
  readonly source: 'event' | 'journal';
  readonly id: number;
}

/** Beyond every row id that JavaScript counts exactly. */
const LAST_ID = Number.MAX_SAFE_INTEGER;

const ROW = {
  source: 'text',
  id: 'int8',
  at: 'timestamptz',
  type: 'text',
  name: 'text',
  particulars: 'jsonb',
  machine: 'text?',
  actor: 'text?',
} as const;

const EVENT = `'event' as source, id, at, type, name, properties as particulars, machine, null as actor`;

const TIMELINE = statement(
  'list_timeline',
  ROW,
  `select source, id, at, type, name, particulars, machine, actor from (
     (select ${EVENT} from event
      where contact_id = $1 and $6 and ($2::timestamptz is null or (at, id) < ($2, $3::int8))
      order by at desc, id desc limit $5)
     union all
     (select 'journal', id, at, kind, kind, particulars, null, actor from journal
      where contact_id = $1 and ($7::text[] is null or kind = any($7))
        and ($2::timestamptz is null or (at, id) < ($2, $4::int8))
      order by at desc, id desc limit $5)
   ) both_
   order by at desc, source desc, id desc limit $5`,
);

/** Lists what happened to a contact, newest first: its events and what the journal says of it. */
export function listTimelineRows(
  sql: Sql,
  page: {
    readonly contactId: string;
    readonly after: TimelinePosition | null;
    readonly limit: number;
    /** Whether events are listed, and which kinds of entries; null lists all. */
    readonly withEvents: boolean;
    readonly kinds: readonly string[] | null;
  },
) {
  const { contactId, after, limit, withEvents, kinds } = page;
  const eventsBefore = after?.source === 'event' ? after.id : LAST_ID;
  const journalBefore = after?.source === 'journal' ? after.id : 0;
  return TIMELINE.rows(
    sql,
    contactId,
    stampOrNull(after?.at ?? null),
    eventsBefore,
    journalBefore,
    limit,
    withEvents,
    kinds,
  );
}

const FIND_EVENT = statement('find_timeline_event', ROW, `select ${EVENT} from event where id = $1`);

/** Finds an event as a timeline lists it. */
export function findTimelineEvent(sql: Sql, id: number) {
  return FIND_EVENT.first(sql, id);
}
