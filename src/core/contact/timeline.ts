import { isObject, valueAt } from '../condition/reading.ts';
import { manyLines, oneLine } from '../text/safe.ts';

/** What a line of a timeline says: a title of a few words, and more below it. */
interface TimelineWords {
  readonly title: string;
  readonly detail: string | null;
}

const MAX_TITLE = 200;
const MAX_DETAIL = 2000;
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

/** Journal kinds that a timeline shows under another name. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  merged: 'merge',
  unmerged: 'merge',
  kept_apart: 'merge',
  apart_taken_back: 'merge',
  reclassed: 'class',
  kept_open: 'handoff',
  accepted: 'decision',
  rejected: 'decision',
  reopened: 'decision',
  recycled: 'decision',
  outcome: 'decision',
  handed_off: 'handoff',
  reassigned: 'handoff',
  assigned: 'handoff',
  taken_over: 'handoff',
  handed_back: 'handoff',
  owner_left: 'handoff',
  closed: 'decision',
  exception_taken: 'handoff',
};

const STAGE_WORDS: Readonly<Record<string, string>> = {
  lead: 'Lead',
  mql: 'MQL',
  sql: 'SQL',
  opportunity: 'Opportunity',
  customer: 'Customer',
  nurture: 'Nurture',
  disqualified: 'Disqualified',
};

const ACTIVITY_WORDS: Readonly<Record<string, string>> = {
  call: 'Call',
  email: 'E-mail',
  meeting: 'Meeting',
  message: 'Message',
  note: 'Note',
};

/**
 * Says a journal entry: its kind as the timeline names it, and what its particulars tell. An unknown kind is shown by
 * its name.
 *
 * @example journalWords({ kind: 'stage', particulars: { from: 'lead', to: 'mql' } }).title // 'Stage: Lead to MQL'
 */
export function journalWords(entry: {
  readonly kind: string;
  readonly particulars: unknown;
}): TimelineWords & { readonly kind: string } {
  const { particulars } = entry;
  const kind = SHOWN_AS[entry.kind] ?? entry.kind;
  const tell = (title: string, ...details: readonly (string | null)[]) => {
    const detail = manyLines(details.filter(part => part !== null).join('\n'), MAX_DETAIL);
    return { kind, title: oneLine(title, MAX_TITLE), detail: detail === '' ? null : detail };
  };
  const of = (...names: readonly string[]) =>
    names.reduce<string | null>((found, name) => found ?? text(particulars, name), null);
  const note = of('note');
  switch (entry.kind) {
    case 'handoff':
    case 'handed_off': {
      const owner = of('ownerName', 'owner');
      const title = owner === null ? 'Handed over; nobody owns it yet' : `Handed over to ${owner}`;
      return tell(title, of('sentence', 'pathLabel'), of('waitingFor', 'because'));
    }
    case 'reassigned':
    case 'assigned':
      return tell(
        `Given to ${of('toName', 'ownerName', 'owner', 'to') ?? 'somebody else'}`,
        note,
        of('because'),
      );
    case 'taken_over':
      return tell(`Taken over by ${of('owner') ?? 'somebody'}`, note);
    case 'handed_back':
      return tell('Handed back by its owner', note);
    case 'owner_left':
      return tell(`${of('owner') ?? 'Its owner'} may no longer work leads; the lead waits for somebody else`);
    case 'closed':
      return tell(`Closed: ${of('reasonLabel', 'reason') ?? 'disqualified'}`, of('sentence'));
    case 'exception_taken':
      return tell(`${of('owner') ?? 'Somebody'} looks after what holds it up`);
    case 'stage': {
      const [from, to] = [of('from'), of('to')].map(stage =>
        stage === null ? null : (STAGE_WORDS[stage] ?? stage),
      );
      return tell(from === null ? `Stage: ${to ?? 'unknown'}` : `Stage: ${from} to ${to ?? 'unknown'}`, note);
    }
    case 'decision':
    case 'accepted':
    case 'rejected':
    case 'recycled':
    case 'reopened': {
      const decision = of('decision') ?? entry.kind;
      const reason = of('reasonLabel', 'reason');
      return tell(`${DECISION_WORDS[decision] ?? decision}${reason === null ? '' : `: ${reason}`}`, note);
    }
    case 'outcome':
      return tell(`Outcome: ${of('type', 'state') ?? 'unknown'}`, of('reasonLabel', 'reason'), note);
    case 'activity': {
      const what = of('activity', 'kind') ?? 'note';
      return tell(ACTIVITY_WORDS[what] ?? what, note);
    }
    case 'alert':
      return tell(`Alert: ${of('label') ?? 'sent'}`, of('text', 'sentence'));
    case 'merge':
    case 'merged':
      return tell('Joined with another contact', of('because'));
    case 'unmerged':
      return tell('A merge was undone: two contacts again');
    case 'kept_apart':
      return tell('Kept apart from a contact that resembles this one', note);
    case 'apart_taken_back':
      return tell('Up for review again with a contact that resembles this one');
    case 'reclassed': {
      const maker = isObject(particulars) && particulars.machine === true ? 'machine' : 'person';
      return tell(`“${of('event') ?? 'An event'}” counts as made by a ${maker}`, note);
    }
    case 'kept_open':
      return tell('The lead no longer qualifies; the handoff stays open', of('because'));
    case 'profile':
      return tell('Profile changed', changeWords(particulars));
    default:
      return tell(entry.kind.replaceAll('_', ' '), note);
  }
}

const DECISION_WORDS: Readonly<Record<string, string>> = {
  accepted: 'Accepted by sales',
  rejected: 'Rejected by sales',
  recycled: 'Recycled',
  reopened: 'Decision taken back',
  decision: 'Decided',
};

/** `title: VP Sales` for each value said; a nested value is only named. */
function changeWords(particulars: unknown): string | null {
  if (!isObject(particulars)) return null;
  const told = Object.entries(isObject(particulars.changes) ? particulars.changes : particulars).map(
    ([key, value]) => {
      const words = scalar(value);
      return words === null ? oneLine(key, MAX_VALUE) : `${oneLine(key, MAX_VALUE)}: ${words}`;
    },
  );
  return told.length === 0 ? null : told.join(' · ');
}

/** A value as clean text; null when nothing of it can be shown. */
function text(bag: unknown, key: string): string | null {
  const value = valueAt(bag, [key]);
  const clean = typeof value === 'string' ? manyLines(value, MAX_DETAIL) : '';
  return clean === '' ? null : clean;
}
