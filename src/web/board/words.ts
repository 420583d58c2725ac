import { type BoardMember, COLD_DAYS } from '../../contract/api/board.ts';

/** The numbers of days without anything logged that are offered. */
export const DAYS = ['3', '7', '14', '30', '60'] as const;

/**
 * How many days without anything logged an address names; the usual ones where it names none that can be.
 *
 * @example daysIn('30') // 30
 * @example daysIn('x') // 7
 */
export function daysIn(text: string | null): number {
  const days = Number(text ?? '');
  return Number.isInteger(days) && days >= 1 && days <= 365 ? days : COLD_DAYS;
}

/** How much somebody has against what they take. */
type Load = Pick<BoardMember, 'load' | 'capacity'>;

/**
 * Whether somebody has as much as they take, or more.
 *
 * @example isFull({ load: 10, capacity: 10 }) // true
 */
export function isFull({ load, capacity }: Load): boolean {
  return capacity !== null && load >= capacity;
}

/**
 * How much somebody has against what they take, in words.
 *
 * @example loadWords({ load: 12, capacity: 10 }) // '12 of 10, full'
 * @example loadWords({ load: 12, capacity: null }) // '12, no limit'
 */
export function loadWords(of: Load): string {
  const { load, capacity } = of;
  if (capacity === null) return `${load}, no limit`;
  return `${load} of ${capacity}${isFull(of) ? ', full' : ''}`;
}

type Row = Pick<BoardMember, 'late' | 'soon' | 'open' | 'name' | 'load' | 'capacity'>;

/** Puts who needs help first: most late, then most due within the hour, then the fullest, then by name. */
export function byNeed(a: Row, b: Row): number {
  const share = ({ load, capacity }: Row) => (capacity === null ? 0 : load / capacity);
  return (
    b.late - a.late ||
    b.soon - a.soon ||
    share(b) - share(a) ||
    b.open - a.open ||
    a.name.localeCompare(b.name)
  );
}

/** Whether an instant (epoch ms) lies on the day of another one, in the viewer's zone. @example isToday(0, 0) // true */
export function isToday(at: number, now: number): boolean {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

/** What sales said to a lead. */
export type Decision = 'accepted' | 'rejected';

/** Whose decided leads an address asks for: those of a person, or else of a team, by their ids. */
interface Decided {
  readonly decision: Decision;
  readonly person: string | null;
  readonly team: string | null;
}

/** The address of a board that shows what was decided this week, beside all else that it has chosen. */
export function decidedLink(params: URLSearchParams, { decision, person, team }: Decided): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries({ decided: decision, person, in: team })) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return `/board?${next}`;
}

/**
 * Which decided leads an address asks for; null for none.
 *
 * @example decidedIn(new URLSearchParams('decided=accepted&person=ann'))?.person // 'ann'
 */
export function decidedIn(params: URLSearchParams): Decided | null {
  const [decision, person, team] = [params.get('decided'), params.get('person'), params.get('in')];
  const isKnown = decision === 'accepted' || decision === 'rejected';
  return isKnown && (person ?? team) !== null ? { decision, person, team } : null;
}
