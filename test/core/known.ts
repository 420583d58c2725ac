import type { KindOfDomain } from '../../src/core/contact/email.ts';
import type { ProfileVersion } from '../../src/core/contact/profile.ts';
import { addArrivals } from '../../src/core/replay/arrival.ts';
import { arrivalsOf, joinRows, settle } from '../../src/core/replay/columns.ts';
import { makeGatherer } from '../../src/core/replay/eventrows.ts';
import { enrol, idOf, makeRoster } from '../../src/core/replay/roster.ts';
import { type Known, makeScorer, type Scorer } from '../../src/core/replay/scorer.ts';
import { orderVersions, profileAt, readContactLine } from '../../src/core/scoring/facts.ts';
import type { Program } from '../../src/core/scoring/program.ts';
import { readProfile, type Subject } from '../../src/core/scoring/score.ts';
import { advanceTally, emptyTally } from '../../src/core/scoring/tally.ts';

/** What parsed lines of both files tell of each contact, in order of first appearance; a line that is refused is an error. */
export function knownFrom(
  program: Program,
  told: {
    readonly contacts: readonly unknown[];
    readonly events: readonly unknown[];
    readonly kindOf: KindOfDomain;
  },
): ReadonlyMap<string, Known> {
  const roster = makeRoster();
  const createdAt: number[] = [];
  const versions: ProfileVersion[][] = [];
  for (const line of told.contacts) {
    const reading = readContactLine(line);
    if (reading.kind === 'wrong') throw new Error(`refused: ${reading.message}`);
    const { contact } = reading;
    const number = enrol(roster, contact.id);
    createdAt[number] = Math.min(createdAt[number] ?? contact.createdAt, contact.createdAt);
    versions[number] = [...(versions[number] ?? []), contact.version];
  }
  const gatherer = makeGatherer([program], roster);
  for (const line of told.events) {
    const outcome = gatherer.add(line);
    if (outcome.kind === 'wrong') throw new Error(`refused: ${outcome.message}`);
  }
  const columns = joinRows([gatherer.take()], roster.count);
  settle(columns, { first: 0, end: roster.count });
  return new Map(
    createdAt.map((at, number) => [
      idOf(roster, number),
      {
        createdAt: at,
        firstEventAt: columns.firstAt[number] ?? Number.POSITIVE_INFINITY,
        versions: orderVersions(versions[number] ?? [], told.kindOf),
        arrivals: arrivalsOf(columns, number, 0),
      },
    ]),
  );
}

/** Scores each contact of which lines tell, as of any time. */
export function scoresFrom(
  program: Program,
  told: Parameters<typeof knownFrom>[1],
): ReadonlyMap<string, (t: number) => ReturnType<Scorer['score']>> {
  const { score } = makeScorer(program);
  return new Map([...knownFrom(program, told)].map(([id, known]) => [id, t => score(known, t)]));
}

/** What scoring knows of each contact of which lines tell, at `t`. */
export function subjectsFrom(
  program: Program,
  told: Parameters<typeof knownFrom>[1],
  t: number,
): ReadonlyMap<string, Subject> {
  return new Map(
    [...knownFrom(program, told)].map(([id, { createdAt: given, firstEventAt, versions, arrivals }]) => {
      const tally = emptyTally(program.plan);
      addArrivals(tally, arrivals, { next: arrivals.start, until: t });
      advanceTally(tally, t);
      const createdAt = firstEventAt <= t ? Math.min(given, firstEventAt) : given;
      return [id, { readings: readProfile(program, profileAt(versions, t), createdAt), tally, createdAt }];
    }),
  );
}
