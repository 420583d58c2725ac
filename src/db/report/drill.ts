import type { Population } from '../../core/report/frame.ts';
import { type Sql, stampOrNull, statement } from '../database.ts';
import { EPISODE, type EpisodeRow, SELECT_EPISODE } from '../decision/queue.ts';
import {
  AS_OF,
  CLOCK_STATES,
  CLOCKED,
  hasTraits,
  hourKey,
  IN_POPULATION,
  IS_FIRST,
  IS_MQL,
  POPULATION_SIZE,
  populationParams,
  REVERSED,
  TRAITS_SIZE,
  traitParams,
  WINS,
} from './population.ts';

const FIRST = POPULATION_SIZE + TRAITS_SIZE;
const param = (place: number) => `$${FIRST + place}`;

const LIST = statement(
  'list_episodes',
  EPISODE,
  `${SELECT_EPISODE} ${REVERSED} ${CLOCKED.join}
   where ${IN_POPULATION}
     and ${hasTraits(POPULATION_SIZE)}
     and (${param(1)}::boolean is null or (${IS_MQL}) <> ${param(1)})
     and (${param(2)}::text is null or ${param(2)} = coalesce(${AS_OF.decision}, case when e.state <> 'handled' then 'open' end)
       or (${param(2)} = 'decided' and ${AS_OF.decision} is not null))
     and (${param(3)}::text is null or e.state = ${param(3)})
     and (${param(4)}::boolean is null or (${AS_OF.wonAt} is not null) = ${param(4)})
     and (${param(5)}::int4 is null or e.total >= ${param(5)}) and (${param(6)}::int4 is null or e.total <= ${param(6)})
     and (not ${param(7)}::boolean or (${IS_FIRST}))
     and (not ${param(8)}::boolean or e.contact_id in (select contact_id from (${WINS} offset 0) win))
     and (${param(9)}::text is null or coalesce(${CLOCKED.entry}, 'unknown') = ${param(9)})
     and (${param(10)}::text is null or ${hourKey(param(11))} = ${param(10)})
     and (${param(12)}::text is null or (${CLOCK_STATES.firstTouch}) = ${param(12)})
     and (${param(13)}::text is null or (${CLOCK_STATES.decision}) = ${param(13)})
     and (${param(14)}::timestamptz is null or (e.handed_off_at, e.id) < (${param(14)}, ${param(15)}::uuid))
   order by e.handed_off_at desc, e.id desc limit ${param(16)}`,
);

type ClockOutcome = 'kept' | 'missed' | 'running';

/** Which leads of a population a figure counts. */
export interface Counted {
  /** Only those that went elsewhere, only MQLs (false), or (null) both. */
  readonly isElsewhere: boolean | null;
  /** The decision, `decided` for either, or `open` while there was none. */
  readonly outcome: 'accepted' | 'rejected' | 'decided' | 'open' | null;
  readonly state: string | null;
  readonly isWon: boolean | null;
  /** The least and the most of the total at the handoff. */
  readonly minTotal: number | null;
  readonly maxTotal: number | null;
  /** Only the first MQL of each contact. */
  readonly isFirst: boolean;
  /** Only of contacts that were won since. */
  readonly isCustomer: boolean;
  /** The SLA entry by which they are due. */
  readonly entry: string | null;
  /** The hour of the week of the handoff, such as `1-09`, and the zone of that week. */
  readonly hour: string | null;
  readonly zone: string;
  /** How the clocks of the first touch and of the decision went. */
  readonly firstTouch: ClockOutcome | null;
  readonly decision: ClockOutcome | null;
}

/** Lists the episodes that a figure of a report counts, newest handoff first. */
export function listEpisodeRows(
  sql: Sql,
  of: Population & Counted,
  page: { readonly after: { readonly at: number; readonly id: string } | null; readonly limit: number },
): Promise<readonly EpisodeRow[]> {
  const { after, limit } = page;
  const counted = [
    ...[of.isElsewhere, of.outcome, of.state, of.isWon],
    ...[of.minTotal, of.maxTotal, of.isFirst, of.isCustomer],
    ...[of.entry, of.hour, of.zone, of.firstTouch, of.decision],
  ];
  return LIST.rows(
    sql,
    ...populationParams(of),
    ...traitParams(of.traits),
    ...counted,
    stampOrNull(after?.at ?? null),
    after?.id ?? null,
    limit,
  );
}
