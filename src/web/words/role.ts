import type { EndpointName } from '../../contract/api.ts';
import type { Role } from '../../contract/role.ts';
import { listed } from '../../core/text/number.ts';
import { mayCall } from '../client/client.ts';

/** Those of a role, the ones with fewer rights first. */
const MANY_WORDS: readonly (readonly [Role, string])[] = [
  ['rep', 'reps'],
  ['marketing', 'marketing'],
  ['manager', 'managers'],
  ['admin', 'admins'],
];

/**
 * Which roles may make a call, in words.
 *
 * @example whoMay('listDeliveries') // 'managers and admins'
 */
export function whoMay(name: EndpointName): string {
  return listed(
    MANY_WORDS.filter(([role]) => mayCall(role, name)).map(([, words]) => words),
    'and',
  );
}
