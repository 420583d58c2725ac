/** How a team shares leads out: in equal parts, by weight, or to the member with the fewest open ones. */
export type By = 'round_robin' | 'weighted' | 'least_open';

/** Somebody's place in a rota. `pass` is the virtual time from which on their next lead is theirs. */
interface Place {
  readonly userId: string;
  readonly weight: number;
  readonly pass: number;
}

/** How far a team has come in giving out leads: virtual time, and its members by user id, ascending. */
export interface Rota {
  readonly turn: number;
  readonly places: readonly Place[];
}

/** What moves a rota on. `available` are those who took part when a lead was given out. */
export type RotaStep =
  | { readonly kind: 'joined' | 'weighed'; readonly userId: string; readonly weight: number }
  | { readonly kind: 'left'; readonly userId: string }
  | {
      readonly kind: 'assigned';
      readonly userId: string;
      readonly by: By;
      readonly available: readonly string[];
    };

/** A team that has given out nothing and has nobody in it. */
export const EMPTY_ROTA: Rota = { turn: 0, places: [] };

/** Sums of 1/weight are off by rounding; what differs by less than this, in proportion, counts as the same. */
const ROUNDING = 1e-9;

/** The rota that the steps of a ledger lead to, the oldest first. */
export function rotaOf(steps: Iterable<RotaStep>): Rota {
  let rota = EMPTY_ROTA;
  for (const step of steps) rota = stepRota(rota, step);
  return rota;
}

/**
 * A rota after one more step. Who joins starts level; who took no part in a lead is brought level, so that nobody is
 * flooded when they come back; who got one moves on by 1/weight.
 *
 * @example stepRota(EMPTY_ROTA, { kind: 'joined', userId: 'ann', weight: 2 }).places.length // 1
 */
export function stepRota(rota: Rota, step: RotaStep): Rota {
  const others = rota.places.filter(({ userId }) => userId !== step.userId);
  const own = rota.places.find(({ userId }) => userId === step.userId);
  switch (step.kind) {
    case 'joined':
      return withPlace(rota, others, { userId: step.userId, weight: step.weight, pass: rota.turn });
    case 'weighed':
      return own === undefined ? rota : withPlace(rota, others, { ...own, weight: step.weight });
    case 'left':
      return { ...rota, places: others };
    default:
      return assign(rota, step);
  }
}

function withPlace({ turn }: Rota, others: readonly Place[], place: Place): Rota {
  const places = [...others, place].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return { turn, places };
}

function assign(rota: Rota, step: Extract<RotaStep, { kind: 'assigned' }>): Rota {
  const round = roundOf(rota, step);
  if (!round.players.some(({ userId }) => userId === step.userId)) return rota;
  const turn = round.start + round.slice;
  const passOf = new Map(round.players.map(({ userId, pass }) => [userId, pass]));
  const places = rota.places.map(place => {
    const pass = passOf.get(place.userId);
    if (pass === undefined) return { ...place, pass: Math.max(place.pass, turn) };
    if (place.userId !== step.userId) return { ...place, pass };
    // The fewest open leads may call somebody out of turn: that is not held against them for longer than one lead.
    const from = step.by === 'least_open' ? Math.min(pass, round.start) : pass;
    return { ...place, pass: from + 1 / weightBy(step.by, place) };
  });
  return { turn, places };
}

/**
 * Who gets the next lead of those available; null when none of them is in the rota. Of the members whose next lead has
 * begun to be theirs (pass before the end of this turn) the one whose lead is due first (lowest pass + 1/weight) is next,
 * of equals the first by id. That keeps everybody within one lead of their share at every moment (R. Tijdeman, The chairman
 * assignment problem, 1980); the lowest pass alone does not. With `least_open` only those with the fewest `open` count.
 */
export function nextOf(
  rota: Rota,
  given: {
    readonly available: readonly string[];
    readonly by: By;
    readonly open: ReadonlyMap<string, number>;
  },
): string | null {
  const { start, slice, players } = roundOf(rota, given);
  const openOf = ({ userId }: Place) => given.open.get(userId) ?? 0;
  const fewest = given.by === 'least_open' ? Math.min(...players.map(openOf)) : null;
  const asked = fewest === null ? players : players.filter(player => openOf(player) === fewest);
  const rounding = ROUNDING * Math.max(1, start);
  const begun = asked.filter(({ pass }) => pass < start + slice - rounding);
  const due = (place: Place) => place.pass + 1 / weightBy(given.by, place);
  let next: Place | null = null;
  for (const player of begun.length > 0 ? begun : asked) {
    if (next === null || due(player) < due(next) - rounding) next = player;
  }
  return next?.userId ?? null;
}

/** Who takes part in giving out a lead, from which virtual time on, and how long its turn lasts. */
interface Round {
  readonly start: number;
  readonly slice: number;
  readonly players: readonly Place[];
}

function roundOf(
  { turn, places }: Rota,
  { available, by }: { readonly available: readonly string[]; readonly by: By },
): Round {
  const present = new Set(available);
  const players = places
    .filter(({ userId }) => present.has(userId))
    .map(place => {
      // Nobody is owed, or ahead by, more than one lead: what others did while they were away counts for nobody.
      const reach = 1 / weightBy(by, place);
      return { ...place, pass: Math.min(Math.max(place.pass, turn - reach), turn + reach) };
    });
  const sum = players.reduce((total, place) => total + weightBy(by, place), 0);
  return {
    start: Math.max(turn, players.length === 0 ? turn : Math.min(...players.map(({ pass }) => pass))),
    slice: sum === 0 ? 0 : 1 / sum,
    players,
  };
}

function weightBy(by: By, { weight }: Place): number {
  return by === 'weighted' ? weight : 1;
}
