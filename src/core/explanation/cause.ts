import type { Rule } from '../agreement/agreement.ts';
import { compileMatches } from '../condition/event.ts';
import { fieldWords, makeSpelling } from '../condition/words.ts';
import type { Line } from '../scoring/line.ts';
import type { Score } from '../scoring/score.ts';
import { countWords, listed, timesWords } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';
import { instantOrNull } from '../time/instant.ts';
import { dayWords } from '../time/recency.ts';
import { spanWords } from '../time/span.ts';
import { unreachable } from '../unreachable.ts';
import type { Cause, FieldChange } from './shape.ts';
import { conditionsOf, fieldsIn, type KnownEvent, type View, valueIn, valueWords } from './view.ts';

/** One step on the way between two views: what the score is after it, and what the step stands for. */
export interface Step {
  readonly kind: 'start' | 'agreement' | 'time' | 'profile' | 'events' | 'began' | 'ended';
  readonly score: Score;
}

/** The most event ids that a cause names. */
const MAX_IDS = 10;
const MAX_NAMES = 3;
const MAX_FIELDS = 3;
const MAX_NAME = 60;

/** Why a cap or a floor gives other points than before: it has none but its sums. */
export function boundCause(was: Line | undefined, is: Line | undefined): Cause {
  const points = (is?.points ?? 0) - (was?.points ?? 0);
  if (was === undefined) return { kind: 'bound', how: 'began', points, text: 'now in force' };
  if (is === undefined) return { kind: 'bound', how: 'ceased', points, text: 'no longer in force' };
  const verb = is.points < 0 ? 'cuts' : 'lifts';
  const more = Math.abs(is.points) > Math.abs(was.points) ? 'more' : 'less';
  return { kind: 'bound', how: 'changed', points, text: `${verb} ${more} than before` };
}

/** A line before and after a step between two views, with the events in between. */
interface Turn {
  readonly from: View;
  readonly to: View;
  readonly events: readonly KnownEvent[];
  readonly rule: Rule | undefined;
  readonly was: Line | undefined;
  readonly is: Line | undefined;
}

/** The cause that a step between two views stands for, in a line that it moved by `points`. */
export function causeOf(step: Step, points: number, turn: Turn): Cause {
  switch (step.kind) {
    case 'start':
    case 'began':
      return { kind: 'time', how: 'began', points, text: 'first scored in between' };
    case 'ended':
      return { kind: 'time', how: 'ended', points, text: 'no longer scored' };
    case 'agreement':
      return { kind: 'agreement', points, text: 'the agreement changed' };
    case 'time':
      return timeCause(points, turn);
    case 'profile':
      return profileCause(points, turn);
    case 'events':
      return eventCause(points, turn);
    default:
      return unreachable(step.kind);
  }
}

function timeCause(points: number, { from, to, rule, was, is }: Turn): Cause {
  const evidence = rule?.evidence;
  if (evidence?.kind === 'quiet') {
    return { kind: 'time', how: 'quiet', points, text: `nothing for ${spanWords(evidence.quietMs)}` };
  }
  if (evidence?.kind === 'occurrences' || evidence?.kind === 'pattern') {
    const { windowMs, decay } = evidence;
    const gone = (was?.count ?? 0) - (is?.count ?? 0);
    const isOut =
      is === undefined && (was?.lastAt ?? to.at) + (windowMs ?? Number.POSITIVE_INFINITY) <= to.at;
    if (windowMs !== null && (isOut || (is !== undefined && gone > 0))) {
      const who = is === undefined || gone === 0 ? '' : `${countWords(gone)} of them `;
      return { kind: 'time', how: 'left', points, text: `${who}older than ${spanWords(windowMs)} by now` };
    }
    if (decay !== null) {
      return { kind: 'time', how: 'faded', points, text: `faded since ${dayWords(from.at, to.at)}` };
    }
  }
  return { kind: 'time', how: 'date', points, text: 'a date of the profile has passed' };
}

function profileCause(points: number, { from, to, rule }: Turn): Cause {
  const spelling = makeSpelling(to.program.agreement);
  const read = rule === undefined ? [] : conditionsOf(rule).flatMap(fieldsIn);
  const changed = new Map<string, FieldChange>();
  for (const field of read) {
    const [was, is] = [valueIn(from.profile, field), valueIn(to.profile, field)];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    const name = [field.source, ...field.path].join('.');
    const label = oneLine(fieldWords(field, spelling), MAX_NAME);
    changed.set(name, {
      field: oneLine(name, MAX_NAME),
      label,
      before: valueWords(was),
      after: valueWords(is),
    });
  }
  const fields = [...changed.values()].slice(0, MAX_FIELDS);
  return {
    kind: 'profile',
    points,
    fields,
    text: fields.length === 0 ? 'the profile changed' : fields.map(fieldChangeWords).join(', '),
  };
}

function fieldChangeWords({ label, before, after }: FieldChange): string {
  if (before !== null && after !== null) return `${label} from ${before} to ${after}`;
  if (after !== null) return `${label} now known (${after})`;
  return before === null ? `${label} changed` : `${label} no longer known (was ${before})`;
}

function eventCause(points: number, turn: Turn): Cause {
  const { from, to, rule, was, is } = turn;
  const found = rule === undefined ? [] : matching(rule, turn);
  const firstAt = found[0]?.at ?? null;
  const lastAt = found.at(-1)?.at ?? null;
  const spelling = makeSpelling(to.program.agreement);
  const names = [...new Set(found.map(({ name }) => oneLine(spelling.text(name), MAX_NAME)))].slice(
    0,
    MAX_NAMES,
  );
  const ids = found.slice(-MAX_IDS).map(({ id }) => id);
  const kind = rule?.evidence.kind;
  const seen = {
    kind: 'events',
    points,
    names,
    count: found.length,
    firstAt: instantOrNull(firstAt),
    lastAt: instantOrNull(lastAt),
    ids: ids.reverse(),
  } as const;
  const day = dayWords(lastAt ?? to.at, to.at);
  if (lastAt === null) return { ...seen, text: `by what happened since ${dayWords(from.at, to.at)}` };
  if (kind === 'quiet') {
    return {
      ...seen,
      text: `broken by ${listed(
        names.map(name => `“${name}”`),
        'and',
      )} on ${day}`,
    };
  }
  if (kind === 'pattern') return { ...seen, text: `completed on ${dayWords(is?.lastAt ?? lastAt, to.at)}` };
  const isMore = was !== undefined;
  if (found.length === 1) return { ...seen, text: `${isMore ? 'again ' : ''}on ${day}` };
  return { ...seen, text: `${timesWords(found.length)}${isMore ? ' more' : ''}, last on ${day}` };
}

function matching({ evidence }: Rule, { from, to, events }: Turn): readonly KnownEvent[] {
  const matches = (() => {
    switch (evidence.kind) {
      case 'occurrences':
        return [evidence.on];
      case 'pattern':
        return evidence.items.map(({ on }) => on);
      case 'quiet':
        return [evidence.of];
      default:
        return [];
    }
  })();
  const matcher = compileMatches(matches);
  return events.filter(event => event.at > from.at && event.at <= to.at && matcher(event).length > 0);
}
