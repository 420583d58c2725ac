import type { Database } from '../../src/db/database.ts';
import { BrokenError } from './check.ts';
import { ask } from './snapshot.ts';

/** Who could be given no lead, and when: kept apart from the product, by what was asked of it. Epoch ms. */
export interface Absences {
  readonly add: (user: string, from: number, until: number) => void;
  /** Says whether somebody is switched off, or pauses, from an instant on. */
  readonly set: (user: string, why: 'inactive' | 'paused', is: boolean, at: number) => void;
  /** Holds what routing gave out since a line of its ledger against this; returns the last line read. */
  readonly check: (db: Database, since: number) => Promise<number>;
}

/** How long a change may be on its way at the very time that a lead is given out, in ms. */
const BLURRED_MS = 5_000;

/** Makes a book of absences. */
export function makeAbsences(): Absences {
  const away: { readonly user: string; readonly why: string; readonly from: number; until: number }[] = [];
  return {
    add: (user, from, until) => away.push({ user, why: 'time off', from, until }),
    set: (user, why, is, at) => {
      const running = away.find(
        entry => entry.user === user && entry.why === why && entry.until === Number.POSITIVE_INFINITY,
      );
      if (is && running === undefined) away.push({ user, why, from: at, until: Number.POSITIVE_INFINITY });
      if (!is && running !== undefined) running.until = at;
    },
    check: async (db, since) => {
      const lines = await ask(
        db,
        'given',
        { id: 'int8', at: 'timestamptz', user_id: 'text?' },
        `select id, at, case when kind = 'assigned' then user_id end as user_id from routing_ledger where id > $1 order by id`,
        since,
      );
      for (const { at, user_id: user } of lines) {
        const absent = away.find(
          ({ user: id, from, until }) => id === user && from + BLURRED_MS < at && at < until - BLURRED_MS,
        );
        if (absent !== undefined)
          throw new BrokenError(
            `${user} got a lead while away (${absent.why}): ${JSON.stringify({ at, absent })}`,
          );
      }
      return lines.at(-1)?.id ?? since;
    },
  };
}
