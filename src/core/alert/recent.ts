import type { Agreement, Evidence } from '../agreement/agreement.ts';
import { compileMatches, type EventMatch, type Happening } from '../condition/event.ts';
import { eventWords } from '../contact/timeline.ts';
import { normaliseText } from '../text/normalise.ts';
import { counted } from '../text/number.ts';
import { DAY_MS } from '../time/duration.ts';
import { unreachable } from '../unreachable.ts';

/** Something a contact did, as it is told. `at` is epoch ms. */
interface Deed {
  readonly at: number;
  readonly type: string;
  readonly name: string;
  readonly properties: unknown;
  readonly context: unknown;
}

/**
 * Prepares to tell the events that speak of wanting to buy: those that an agreement gives points for, asks for on a path or
 * raises an alert on.
 */
export function makeIntent(agreement: Agreement): (event: Happening) => boolean {
  const matches = [
    ...agreement.rules.flatMap(({ evidence }) => matchesOf(evidence)),
    ...agreement.mql.flatMap(({ did }) => (did === null ? [] : [did.on])),
    ...(agreement.practice.alerts ?? []).map(({ on }) => on),
  ];
  const matcher = compileMatches(matches);
  return event => matcher(event).length > 0;
}

function matchesOf(evidence: Evidence): readonly EventMatch[] {
  switch (evidence.kind) {
    case 'occurrences':
      return evidence.points > 0 ? [evidence.on] : [];
    case 'pattern':
      return evidence.points > 0 ? evidence.items.map(({ on }) => on) : [];
    case 'trait':
    case 'cases':
    case 'quiet':
      return [];
    default:
      return unreachable(evidence);
  }
}

/**
 * What somebody did lately in words, newest first: each thing once, with how often, at the time of the last.
 *
 * @example deedsInWords([{ at: 5, type: 'track', name: 'Demo Requested', properties: {}, context: {} }], 3) // [{ label: 'Demo Requested', at: 5 }]
 */
export function deedsInWords(
  deeds: readonly Deed[],
  most: number,
): readonly { readonly label: string; readonly at: number }[] {
  const told = new Map<string, { at: number; times: number }>();
  for (const { at, type, name, properties } of deeds) {
    const { title } = eventWords({ type, name, properties, machine: null });
    const known = told.get(title);
    told.set(title, { at: Math.max(at, known?.at ?? at), times: (known?.times ?? 0) + 1 });
  }
  return [...told]
    .map(([title, { at, times }]) => ({ label: times > 1 ? `${title} (${times} times)` : title, at }))
    .sort((a, b) => b.at - a.at)
    .slice(0, most);
}

/**
 * What raised an alert in a sentence, and after how long a silence (ms) where its rule asks for one: the last thing done,
 * else what the rule is called.
 *
 * @example raisedInWords({ last: null, label: 'Back again', silentMs: 95 * 86_400_000 }) // 'Back after 95 days of silence: Back again.'
 */
export function raisedInWords(raised: {
  readonly last: Happening | null;
  readonly label: string;
  readonly silentMs: number | null;
}): string {
  const { last, label, silentMs } = raised;
  const [deed] = last === null ? [] : deedsInWords([{ ...last, type: typeOf(last) }], 1);
  const words = deed?.label ?? label;
  if (silentMs === null) return `${words}.`;
  const days = Math.floor(silentMs / DAY_MS);
  return `Back after ${days === 0 ? 'a silence' : `${counted(days, 'day')} of silence`}: ${words}.`;
}

function typeOf({ name }: Happening): string {
  const known = normaliseText(name);
  return known === 'page' || known === 'screen' ? known : 'track';
}
