import { type Sql, stamp, statement } from '../database.ts';

const VERSIONS = statement(
  'list_activations',
  { at: 'timestamptz', name: 'text', version: 'int4' },
  `select v.activated_at as at, a.name, v.version from agreement_version v join agreement a on a.id = v.agreement_id
   where v.activated_at >= $1 and v.activated_at < $2 and ($3::text[] is null or a.id = any($3))
   order by v.activated_at, a.id`,
);

/** Lists the versions that came into force in a range (epoch ms), of some agreements or of all (null). */
export function listActivations(
  sql: Sql,
  range: { readonly from: number; readonly to: number },
  agreements: readonly string[] | null,
) {
  return VERSIONS.rows(sql, stamp(range.from), stamp(range.to), agreements);
}
