import { type Chance, makeChance } from './chance.ts';
import { drawClockSteps, withClocks } from './clock.ts';
import { drawLetterSteps, withLetters } from './letters.ts';
import { drawPeople, numberFrom, type Person, type Raw, rawsOf } from './people.ts';
import { drawAgreement, REASONS } from './treaty.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** When every world begins: a Monday. */
export const START = Date.parse('2026-03-02T08:00:00Z');

/** One of the two servers. */
export type NodeNumber = 0 | 1;

/**
 * How a peer takes a message. `twice` takes it and lets the sender believe that it did not; `away` is out for everybody;
 * `gone` refuses this one, and will for ever.
 */
export type Mood = 'takes' | 'fails' | 'refuses' | 'hangs' | 'twice' | 'away' | 'gone';

/** What is done at one time. `pick` numbers choose among what there is then, so that steps can be left out. */
export type Action =
  | {
      readonly kind: 'calls';
      readonly groups: readonly (readonly Raw[])[];
      readonly trust: 'server' | 'public';
    }
  | { readonly kind: 'again'; readonly pick: number }
  | { readonly kind: 'tick' }
  | { readonly kind: 'accept' | 'reopen' | 'touch' | 'handback'; readonly pick: number }
  /** Pauses the clock of a decision for so long, in ms. */
  | { readonly kind: 'hold'; readonly pick: number; readonly ms: number }
  | { readonly kind: 'resume'; readonly pick: number }
  /** Rejects; with `ms`, until a date so far ahead. */
  | { readonly kind: 'reject'; readonly pick: number; readonly reason: string; readonly ms?: number | null }
  /** Stops a track, or opens a new handoff by hand. */
  | { readonly kind: 'halt' | 'requalify'; readonly pick: number }
  /** Sets another date at which a lead is looked at again, so far ahead; null for none. */
  | { readonly kind: 'wakeup'; readonly pick: number; readonly ms: number | null }
  /** Follows the link of a letter that arrived. */
  | { readonly kind: 'wish'; readonly pick: number; readonly wantsMail: boolean }
  | { readonly kind: 'reassign'; readonly pick: number; readonly user: number }
  | { readonly kind: 'employ'; readonly user: string; readonly active: boolean }
  | {
      readonly kind: 'pause';
      readonly user: string;
      readonly paused: boolean;
      readonly hours: Readonly<Record<string, string[]>> | null;
    }
  | { readonly kind: 'timeoff'; readonly user: string; readonly inHours: number; readonly hours: number }
  | { readonly kind: 'weigh'; readonly team: string; readonly members: readonly Seat[] }
  | { readonly kind: 'activate'; readonly version: number; readonly handsOver: boolean }
  | { readonly kind: 'class'; readonly pick: number; readonly machine: boolean }
  | { readonly kind: 'likeness'; readonly pick: number; readonly what: 'merge' | 'apart' | 'reopen' | 'undo' }
  | { readonly kind: 'retry' | 'resend'; readonly pick: number }
  | { readonly kind: 'deliver'; readonly mood: Mood };

/** Somebody's place in a team. */
export interface Seat {
  readonly userId: string;
  readonly weight: number;
  readonly capacity?: { readonly open?: number | null; readonly perDay?: number | null };
}

/** A step of a world: actions that go on at the same time, each on a server that may die at its `dies`-th beat. */
export interface Step {
  /** Epoch ms. */
  readonly at: number;
  /** How far the servers' clocks are off, in ms. */
  readonly skew: readonly [number, number];
  readonly acts: readonly {
    readonly node: NodeNumber;
    readonly dies: number | null;
    readonly action: Action;
  }[];
}

/** A world before it is lived through. */
export interface Plan {
  readonly seed: number;
  readonly weeks: number;
  readonly versions: readonly object[];
  readonly reps: readonly { readonly id: string }[];
  readonly teams: Readonly<Record<string, readonly Seat[]>>;
  readonly hasWebhook: boolean;
  /** Whether there are tracks, wake-ups and letters. */
  readonly hasLetters: boolean;
  readonly people: readonly Person[];
  readonly steps: readonly Step[];
}

const OFFICE = { 'mon-fri': ['09:00-17:30'] };

/** What parts the chance of clocks from that of all else, and that of letters. */
const CLOCKS = 1_000_000_007;
const LETTERS = 2_000_000_011;

/** How many steps a week has. */
const STEPS_A_WEEK = 14;

/**
 * How many times longer than the busiest a world may take for the same number of steps: tracks and dates need weeks, of
 * which most are calm.
 */
const PACES = [1, 4, 8] as const;

/**
 * Draws a world from a seed. Without letters it is the world that the seed stood for before there were any: seeds that found
 * something then are lived through as they were.
 */
export function drawPlan(seed: number, { hasLetters }: Pick<Plan, 'hasLetters'>): Plan {
  const chance = makeChance(seed);
  // Of a chance of their own: what came before in the life of a seed stays what it was.
  const [clocks, letters] = [makeChance(seed + CLOCKS), makeChance(seed + LETTERS)];
  const pace = hasLetters ? letters.pick(PACES) : 1;
  numberFrom(0);
  const busyWeeks = chance.int(1, 4);
  const weeks = busyWeeks * pace;
  const versions = Array.from({ length: chance.int(1, 3) }, () => drawAgreement(chance));
  const people = drawPeople(chance, { count: chance.int(4, 9), prefix: `w${seed}` });
  const reps = Array.from({ length: chance.int(2, 5) }, (_, index) => ({ id: `rep${index}` }));
  const teams = drawTeams(chance, reps);
  const hasWebhook = chance.hit(0.3);
  const steps: Step[] = [];
  const life = {
    deaths: chance.pick([0, 0.1, 0.3]),
    together: chance.pick([0, 0.25]),
    versions: versions.length,
    reps,
  };
  let skew: readonly [number, number] = [0, 0];
  let at = START;
  while (at < START + weeks * WEEK) {
    at +=
      pace *
      chance.weighted([
        [chance.int(1, 5 * MINUTE), 5],
        [chance.int(MINUTE, 5 * HOUR), 6],
        [chance.int(HOUR, 30 * HOUR), 6],
        [chance.int(DAY, 3 * DAY), 1],
      ]);
    if (chance.hit(0.1)) skew = [chance.int(-2000, 500), chance.int(-2000, 500)];
    steps.push(drawStep(chance, { at, skew, people, ...life }));
    if (steps.length > busyWeeks * STEPS_A_WEEK * 2) break;
  }
  const clocked = versions.map(version => withClocks(version, clocks));
  const timed = drawClockSteps(clocks, steps);
  return {
    seed,
    weeks,
    versions: hasLetters ? clocked.map(version => withLetters(version, letters)) : clocked,
    reps,
    teams,
    hasWebhook: hasWebhook || (hasLetters && letters.hit(0.4)),
    hasLetters,
    people,
    steps: hasLetters ? drawLetterSteps(letters, { steps: timed, people }) : timed,
  };
}

function drawTeams(chance: Chance, reps: Plan['reps']): Plan['teams'] {
  return {
    sales: drawSeats(chance, reps),
    field: drawSeats(chance, reps.slice(0, 2)),
    success: drawSeats(chance, reps.slice(-1)),
    queue: [{ userId: 'mia', weight: 1 }],
  };
}

function drawSeats(chance: Chance, reps: Plan['reps']): readonly Seat[] {
  return reps.map(({ id: userId }) => ({
    userId,
    weight: chance.pick([1, 1, 2, 5, 0.5]),
    ...(chance.hit(0.2)
      ? { capacity: chance.pick([{ open: chance.int(1, 3) }, { perDay: chance.pick([0.5, 1, 2]) }]) }
      : {}),
  }));
}

interface Setting {
  readonly at: number;
  readonly skew: readonly [number, number];
  readonly people: readonly Person[];
  readonly deaths: number;
  readonly together: number;
  readonly versions: number;
  readonly reps: Plan['reps'];
}

function drawStep(chance: Chance, setting: Setting): Step {
  const count = chance.hit(setting.together) ? chance.int(2, 4) : 1;
  const acts = Array.from({ length: count }, () => ({
    node: chance.pick([0, 1] as const),
    dies: chance.hit(setting.deaths) ? chance.int(1, 45) : null,
    action: drawAction(chance, setting),
  }));
  return { at: setting.at, skew: setting.skew, acts };
}

function drawAction(chance: Chance, setting: Setting): Action {
  const { reps, versions } = setting;
  const pick = () => chance.int(0, 99);
  const user = () => chance.pick(reps).id;
  const draw = chance.weighted<() => Action>([
    [() => drawCalls(chance, setting), 40],
    [() => ({ kind: 'again', pick: chance.int(0, 999) }), 4],
    [() => ({ kind: 'tick' }), 18],
    [() => ({ kind: 'accept', pick: pick() }), 3],
    [() => ({ kind: 'touch', pick: pick() }), 2],
    [() => ({ kind: 'reject', pick: pick(), reason: chance.pick(REASONS) }), 9],
    [() => ({ kind: 'reopen', pick: pick() }), 2],
    [() => ({ kind: 'reassign', pick: pick(), user: chance.int(0, reps.length - 1) }), 2],
    [() => ({ kind: 'handback', pick: pick() }), 2],
    [() => ({ kind: 'employ', user: user(), active: chance.hit(0.6) }), 3],
    [
      () => ({
        kind: 'pause',
        user: user(),
        paused: chance.hit(0.4),
        hours: chance.hit(0.5) ? OFFICE : null,
      }),
      2,
    ],
    [() => ({ kind: 'timeoff', user: user(), inHours: chance.int(0, 40), hours: chance.int(1, 120) }), 2],
    [
      () => ({
        kind: 'weigh',
        team: 'sales',
        members: drawSeats(
          chance,
          reps.filter(() => chance.hit(0.85)),
        ),
      }),
      1,
    ],
    [
      () => ({ kind: 'activate', version: chance.int(1, versions), handsOver: chance.hit(0.5) }),
      versions > 1 ? 2 : 0,
    ],
    [() => ({ kind: 'class', pick: chance.int(0, 999), machine: chance.hit(0.6) }), 4],
    [
      () => ({
        kind: 'likeness',
        pick: pick(),
        what: chance.pick(['merge', 'merge', 'apart', 'reopen', 'undo']),
      }),
      5,
    ],
    [() => ({ kind: 'retry', pick: pick() }), 2],
    [() => ({ kind: 'resend', pick: pick() }), 1],
    [() => ({ kind: 'deliver', mood: drawMood(chance) }), 12],
  ]);
  return draw();
}

function drawMood(chance: Chance): Mood {
  return chance.weighted<Mood>([
    ['takes', 6],
    ['fails', 2],
    ['refuses', 1],
    ['hangs', 1],
    ['twice', 2],
  ]);
}

function drawCalls(chance: Chance, { at, people }: Setting): Action {
  const isBurst = chance.hit(0.15);
  const raws = Array.from({ length: isBurst ? chance.int(8, 20) : chance.int(1, 4) }, () =>
    rawsOf(chance, chance.pick(people), at),
  ).flat();
  const order = chance.hit(0.5) ? chance.shuffled(raws) : raws;
  const groups: Raw[][] = [];
  for (const raw of order) {
    const last = groups.at(-1);
    if (last === undefined || chance.hit(isBurst ? 0.3 : 0.15)) groups.push([raw]);
    else last.push(raw);
  }
  return { kind: 'calls', groups, trust: 'server' };
}
