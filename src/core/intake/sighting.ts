/** That somebody said on a browser who they are: from `at` on, what happens there is theirs. Epoch ms. */
export interface Sighting {
  readonly browser: string;
  readonly at: number;
  readonly contactId: string;
}

/** What one browser did over a time, and whose it turns out to be: from `since` (null: from the beginning) until before `until`. */
export interface Stretch {
  readonly browser: string;
  readonly since: number | null;
  readonly until: number | null;
  readonly from: string;
  readonly into: string;
}

/** When a call happened, and its place among the calls that came with it. */
interface Moment {
  readonly at: number;
  readonly place: number;
  /** Whether it happened as it came: it gave no time of its own. */
  readonly isUntimed: boolean;
}

interface Entry extends Moment {
  readonly contactId: string;
  readonly isNew: boolean;
}

/** Who was on which browser when. */
interface Sightings {
  /** Who was there at a moment: who said so last by then, else the first who ever did; null when nobody has. */
  readonly ownerAt: (browser: string, moment: Moment) => string | null;
  /** Who said by a moment, and last, that they are there; null when nobody has. */
  readonly saidBy: (browser: string, moment: Moment) => string | null;
  readonly add: (browser: string, moment: Moment, contactId: string) => void;
  /** What belonged to others before the new sightings; `holderOf` says whose a browser was that nobody had been seen on. */
  readonly stretches: (of: {
    readonly holderOf: (browser: string) => string | null;
    readonly survivor: (id: string) => string;
  }) => readonly Stretch[];
}

/**
 * Opens the book of who was on which browser when. What happens on a browser belongs to the person who said last who they
 * are there, at or before its own time; what came before the first of them, to the first.
 */
export function openSightings(known: readonly Sighting[]): Sightings {
  const entries = new Map<string, Entry[]>();
  const insert = (browser: string, entry: Entry) => {
    const own = entries.get(browser) ?? [];
    entries.set(browser, own);
    const after = own.findIndex(other => other.at > entry.at);
    own.splice(after === -1 ? own.length : after, 0, entry);
  };
  for (const { browser, at, contactId } of known)
    insert(browser, { at, place: -1, isUntimed: false, contactId, isNew: false });
  const lastBy = (own: readonly Entry[], moment: Moment) =>
    own.filter(entry => entry.at < moment.at || (entry.at === moment.at && isBefore(entry, moment))).at(-1);
  return {
    ownerAt: (browser, moment) => {
      const own = entries.get(browser) ?? [];
      return (lastBy(own, moment) ?? own[0])?.contactId ?? null;
    },
    saidBy: (browser, moment) => lastBy(entries.get(browser) ?? [], moment)?.contactId ?? null,
    add: (browser, moment, contactId) => insert(browser, { ...moment, contactId, isNew: true }),
    stretches: of =>
      [...entries].flatMap(([browser, own]) => {
        const before = own.filter(({ isNew }) => !isNew);
        return own.flatMap((entry, index): readonly Stretch[] => {
          if (!entry.isNew) return [];
          const was = lastBy(before, entry) ?? before[0];
          const holder = was?.contactId ?? of.holderOf(browser);
          if (holder === null) return [];
          const [from, into] = [of.survivor(holder), of.survivor(entry.contactId)];
          // What came before somebody who gave no time happened before that.
          const since = index === 0 ? null : entry.at + (entry.isUntimed ? 1 : 0);
          const until = own[index + 1]?.at ?? null;
          const isEmpty = until !== null && (since ?? Number.NEGATIVE_INFINITY) >= until;
          return from === into || isEmpty ? [] : [{ browser, since, until, from, into }];
        });
      }),
  };
}

/** Of two at one instant, calls without a time of their own count in the order they came in. */
function isBefore(entry: Entry, moment: Moment): boolean {
  return !entry.isUntimed || entry.place <= moment.place;
}
