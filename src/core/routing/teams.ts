import type { Agreement } from '../agreement/agreement.ts';

/** The teams that an agreement names, by whether it gives leads to them or only lets leads wait there. */
export interface NamedTeams {
  readonly given: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/** The teams that an agreement gives leads to, and those whose queue it names as the fallback. */
export function teamsNamed({ practice, disqualify }: Agreement): NamedTeams {
  const given = new Set<string>();
  const all = new Set<string>();
  for (const entry of practice.routing ?? []) {
    if (entry.kind === 'fallback') all.add(entry.team);
    else if (entry.to.kind === 'team') given.add(entry.to.team);
  }
  for (const { route } of disqualify) if (route !== null) given.add(route);
  for (const { route } of practice.reasons ?? []) if (route !== undefined) given.add(route);
  return { given, all: new Set([...all, ...given]) };
}

/**
 * Words in which teams stand by their names, with their labels instead.
 *
 * @example teamsByLabel('next in team us_east', new Map([['us_east', 'US East']])) // 'next in team US East'
 */
export function teamsByLabel(words: string, labels: ReadonlyMap<string, string>): string {
  return words.replace(/\b(team) ([a-z][a-z0-9_]*)\b/gi, (whole, noun: string, name: string) => {
    const label = labels.get(name);
    return label === undefined ? whole : `${noun} ${label}`;
  });
}
