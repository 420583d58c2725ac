import { WORKERS } from '../../contract/role.ts';
import { listed } from '../../core/text/number.ts';
import { type AppError, refusalOf } from '../error.ts';

/** What is expected of a person who is to own leads. */
export const EXPECTED_OWNER = `expected an active user with the role ${listed(WORKERS, 'or')}`;

/** The refusal of somebody who may not own leads. */
export function noOwner(): AppError {
  return refusalOf('invalid', [{ path: 'ownerId', message: EXPECTED_OWNER }]);
}
