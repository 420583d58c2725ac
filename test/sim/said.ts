import { parseInstant } from '../../src/core/time/instant.ts';
import { namesOf } from './model.ts';
import type { Raw } from './people.ts';
import type { Life, Look } from './world.ts';

/** A call that was taken in. */
export interface Heard {
  readonly raw: Raw;
  /** The name of an event, or the kind of another call. */
  readonly name: string;
  /** When it happened, epoch ms. */
  readonly at: number;
  /** Between which instants of its server it was worked on. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** All that Baton heard. */
export function allHeard({ heard }: Life): readonly Heard[] {
  return heard.map(({ raw, step, from, to }) => {
    const at = Math.min(parseInstant(String(raw.timestamp)) ?? from, from);
    return { raw, step, from, to, at, name: raw.type === 'track' ? String(raw.event) : String(raw.type) };
  });
}

/** Whether a call tells what a person did. */
export function isHumanEvent({ raw }: Heard): boolean {
  return (raw.type === 'page' || raw.type === 'track') && raw.context === undefined;
}

/** The worlds before and after a step. */
export function looksAround({ looks }: Life, step: number): readonly Look[] {
  return [looks[step], looks[step + 1]].flatMap(look => look ?? []);
}

/** How surely names stood for the contact of an episode in a step: throughout, at some time of it, or never. */
export function isAbout(
  life: Life,
  names: readonly string[],
  of: { readonly episodeId: string; readonly step: number },
): 'surely' | 'maybe' | 'no' {
  const looks = looksAround(life, of.step);
  const holds = looks.map(look => {
    const contactId = look.episodes.get(of.episodeId);
    return contactId !== undefined && names.some(name => look.names.get(name) === contactId);
  });
  if (holds.length === 2 && holds.every(is => is)) return 'surely';
  return holds.some(is => is) ? 'maybe' : 'no';
}

/** The same for what was told in a call. */
export function isToldOf(life: Life, { raw, step }: Heard, episodeId: string) {
  return isAbout(life, namesOf(raw), { episodeId, step });
}
