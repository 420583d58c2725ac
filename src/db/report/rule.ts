import type { Frame } from '../../core/report/frame.ts';
import type { DecidedLeads, RuleCount, RuleCounts } from '../../core/report/rule.ts';
import { type Sql, statement } from '../database.ts';
import {
  AS_OF,
  hasTraits,
  IN_POPULATION,
  IS_MQL,
  LEADS,
  POPULATION_SIZE,
  populationParams,
  traitParams,
} from './population.ts';

const DECIDED = `select ${AS_OF.decision} = 'rejected' as is_rejected, e.fired, e.decisive
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} and ${AS_OF.decision} is not null
       and ${hasTraits(POPULATION_SIZE)} offset 0`;

const BOTH =
  'count(*) filter (where is_rejected) as rejected, count(*) filter (where not is_rejected) as accepted';

// The rules of a lead are spread out in the select list, above the fence: beside a join, or in parallel workers that pass
// every one of them on, it takes twice as long.
const spread = (column: 'fired' | 'decisive') =>
  `select rule, ${BOTH} from (select unnest(${column}) as rule, is_rejected from (${DECIDED}) lead) spread group by rule`;

const FIRED = statement(
  'count_fired_rules',
  { rule: 'text', rejected: 'int8', accepted: 'int8' },
  spread('fired'),
);

const DECISIVE = statement(
  'count_decisive_rules',
  { rule: 'text', rejected: 'int8', accepted: 'int8' },
  spread('decisive'),
);

const ALL = statement(
  'count_decided',
  { is_rejected: 'bool', leads: 'int8', fired: 'int8', decisive: 'int8', pending: 'int8' },
  `select is_rejected, count(*) as leads, count(*) filter (where cardinality(fired) > 0) as fired,
     count(*) filter (where cardinality(decisive) > 0) as decisive, count(*) filter (where fired is null) as pending
   from (${DECIDED}) lead group by is_rejected`,
);

/** Counts the decided leads of a report by the rules that fired, and that were decisive. */
export async function countRules(sql: Sql, frame: Frame): Promise<RuleCounts> {
  const params = [...populationParams(frame), ...traitParams(frame.traits)];
  const [fired, decisive, all]: readonly [readonly RuleCount[], readonly RuleCount[], Sides] =
    await Promise.all([FIRED.rows(sql, ...params), DECISIVE.rows(sql, ...params), ALL.rows(sql, ...params)]);
  const sides = (of: (row: Sides[number]) => number): DecidedLeads => {
    const side = (isRejected: boolean) =>
      all.reduce((sum, row) => (row.is_rejected === isRejected ? sum + of(row) : sum), 0);
    return { rejected: side(true), accepted: side(false) };
  };
  const pending = sides(row => row.pending);
  return {
    ...{ fired, decisive },
    total: {
      all: sides(row => row.leads),
      fired: sides(row => row.fired),
      decisive: sides(row => row.decisive),
      pending: pending.rejected + pending.accepted,
    },
  };
}

type Sides = Awaited<ReturnType<typeof ALL.rows>>;

const VERSIONS = statement(
  'list_run_versions',
  { agreement_id: 'text', version: 'int4' },
  `select agreement_id, version from agreement_version
   where activated_at is not null and ($1::text[] is null or agreement_id = any($1))
   order by activated_at desc, agreement_id, version limit $2`,
);

/** Lists the versions that were ever in force, of some agreements or of all (null), the latest first. */
export async function listRunVersions(
  sql: Sql,
  agreements: readonly string[] | null,
  limit: number,
): Promise<readonly { readonly id: string; readonly version: number }[]> {
  const rows = await VERSIONS.rows(sql, agreements, limit);
  return rows.map(({ agreement_id: id, version }) => ({ id, version }));
}
