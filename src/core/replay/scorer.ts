import type { ProfileVersion } from '../contact/profile.ts';
import { profileAt } from '../scoring/facts.ts';
import type { Program } from '../scoring/program.ts';
import { nextChangeAt, readProfile, type Score, scoreAt } from '../scoring/score.ts';
import { advanceTally, clearTally, emptyTally } from '../scoring/tally.ts';
import { type Arrivals, addArrivals } from './arrival.ts';

/** All that is known of one contact. Epoch ms. */
export interface Known {
  /** The earliest creation given with the profile. */
  readonly createdAt: number;
  /** When it was first seen doing something; infinity for never. */
  readonly firstEventAt: number;
  /** Ascending by time. */
  readonly versions: readonly ProfileVersion[];
  readonly arrivals: Arrivals;
}

/** Scores one contact after the other; holds the working memory that they share. */
export interface Scorer {
  /** The score by the facts up to `t` and nothing later, and when it changes next by the passing of time alone. */
  readonly score: (
    known: Known,
    t: number,
  ) => { readonly score: Score; readonly nextChangeAt: number | null };
}

/** Makes a scorer for a program. */
export function makeScorer(program: Program): Scorer {
  const tally = emptyTally(program.plan);
  return {
    score: ({ createdAt: given, firstEventAt, versions, arrivals }, t) => {
      clearTally(tally);
      addArrivals(tally, arrivals, { next: arrivals.start, until: t });
      advanceTally(tally, t);
      const createdAt = firstEventAt <= t ? Math.min(given, firstEventAt) : given;
      const readings = readProfile(program, profileAt(versions, t), createdAt);
      const subject = { readings, tally, createdAt };
      return { score: scoreAt(program, subject, t), nextChangeAt: nextChangeAt(program, subject, t) };
    },
  };
}
