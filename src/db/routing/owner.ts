import { WORKERS } from '../../contract/role.ts';

/** The condition that a row `u` of `app_user` is somebody who may own leads: an active user whose role works them. */
export const MAY_OWN = `u.active and u.role in (${WORKERS.map(role => `'${role}'`).join(', ')})`;
