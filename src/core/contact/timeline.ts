import { isObject, valueAt } from '../condition/reading.ts';
import { manyLines, oneLine } from '../text/safe.ts';

/** What a line of a timeline says: a title of a few words, and more below it. */
export interface TimelineWords {
  readonly title: string;
  readonly detail: string | null;
}

/** The longest title, and the longest text below it. */
export const MAX_TITLE = 200;
export const MAX_DETAIL = 2000;
/** How much of one property of an event is shown, and how many properties. */
const MAX_VALUE = 80;
const MAX_PROPERTIES = 4;

/**
 * Says an event of a contact: the page by its title and path, anything else by its name with its first properties.
 * Addresses lose what stands behind `?` and `#`, where links carry secrets.
 *
 * @example eventWords({ type: 'page', name: 'page', properties: { title: 'Pricing', path: '/pricing' }, machine: null })
 * // { title: 'Viewed “Pricing”', detail: '/pricing' }
 */
export function eventWords(event: {
  readonly type: string;
  readonly name: string;
  readonly properties: unknown;
  readonly machine: string | null;
}): TimelineWords {
  const words = event.type === 'track' ? trackWords(event) : viewWords(event);
  if (event.machine === null) return words;
  const machine = `Made by a machine (${oneLine(event.machine, MAX_VALUE)}), so it does not score`;
  return { title: words.title, detail: words.detail === null ? machine : `${words.detail}\n${machine}` };
}

function trackWords({
  name,
  properties,
}: {
  readonly name: string;
  readonly properties: unknown;
}): TimelineWords {
  const told = isObject(properties)
    ? Object.entries(properties).flatMap(([key, value]) => {
        const words = scalar(value);
        return words === null ? [] : [`${oneLine(key, MAX_VALUE)}: ${words}`];
      })
    : [];
  return {
    title: oneLine(name, MAX_TITLE) || 'An event without a name',
    detail: told.length === 0 ? null : told.slice(0, MAX_PROPERTIES).join(' · '),
  };
}

function viewWords({
  type,
  properties,
}: {
  readonly type: string;
  readonly properties: unknown;
}): TimelineWords {
  const named = text(properties, 'title') ?? text(properties, 'name');
  const place = placeOf(text(properties, 'path') ?? text(properties, 'url'));
  const verb = type === 'screen' ? 'Opened the screen' : 'Viewed';
  if (named !== null) return { title: oneLine(`${verb} “${named}”`, MAX_TITLE), detail: place };
  const thing = type === 'screen' ? 'a screen' : 'a page';
  return place === null
    ? { title: type === 'screen' ? 'Opened a screen' : `Viewed ${thing}`, detail: null }
    : { title: `${verb} ${place}`, detail: null };
}

/** A path or address without scheme, query and fragment. */
function placeOf(address: string | null): string | null {
  const place = address?.replace(/[?#].*$/s, '').replace(/^https?:\/\//i, '') ?? '';
  return place === '' ? null : oneLine(place, MAX_TITLE - 30);
}

function scalar(value: unknown): string | null {
  if (typeof value === 'string') {
    const place = /^https?:\/\//i.test(value) ? placeOf(value) : oneLine(value, MAX_VALUE);
    return place === '' ? null : place;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function text(bag: unknown, key: string): string | null {
  return shown(valueAt(bag, [key]));
}

/** A value as clean text; null when nothing of it can be shown. */
export function shown(value: unknown): string | null {
  const clean = typeof value === 'string' ? manyLines(value, MAX_DETAIL) : '';
  return clean === '' ? null : clean;
}
