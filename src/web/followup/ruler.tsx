import { Text } from '@mantine/core';
import type { RulerStretch } from '../../core/worktime/ruler.ts';
import { useNow } from '../kit/clock.ts';
import css from './ruler.module.css';
import { placeOf, widthsOf } from './rulerscale.ts';
import { clockSentence, RULER_KINDS, type RulerKind, stretchWords, workedWords } from './rulerwords.ts';

/** A clock of a handoff with its stretches, which lie in order and without a gap; instants as the API writes them. */
export interface RulerProps {
  readonly kind: 'firstTouch' | 'decision';
  readonly stretches: readonly RulerStretch[];
  readonly startedAt: string;
  readonly dueAt: string;
  /** When it was stopped; null while it runs, and stretches after now then count what is still to come. */
  readonly stoppedAt: string | null;
  readonly timezone: string;
}

/** A clock drawn to the working time that counted: which stretches did, which did not and why, and when it is due. */
export function Ruler({ kind, stretches, startedAt, dueAt, stoppedAt, timezone }: RulerProps) {
  const now = useNow();
  const due = Date.parse(dueAt);
  const stopped = stoppedAt === null ? null : Date.parse(stoppedAt);
  const until = stopped ?? Math.max(now, Date.parse(startedAt));
  const widths = widthsOf(stretches);
  const countedMs = countedUntil(stretches, until);
  const dueAtPercent = placeOf(stretches, due);
  const untilPercent = placeOf(stretches, until);
  const sentence = clockSentence({ kind, countedMs, dueAt: due, stoppedAt: stopped, timezone }, now);
  return (
    <div className={css.ruler}>
      <Text fw={600}>{sentence}</Text>
      <div className={css.scale} aria-hidden="true">
        <Mark at={dueAtPercent} label="Due" place="top" />
        <div className={css.bar}>
          {stretches.map((stretch, index) => (
            <div
              key={stretch.from}
              className={css.stretch}
              data-kind={kindOf(stretch)}
              style={{ width: `${widths[index] ?? 0}%`, ...fillOf(stretch, until) }}
              title={stretchWords(stretch, timezone)}
            />
          ))}
        </div>
        <Late from={dueAtPercent} to={untilPercent} />
        <Mark at={untilPercent} label={stopped === null ? 'Now' : 'Done'} place="bottom" />
      </div>
      <Legend stretches={stretches} until={until} isDone={stopped !== null} />
      <details className={css.fold}>
        <summary>Every stretch, times in {timezone}</summary>
        <ol className={css.list}>
          {stretches.map(stretch => (
            <li key={stretch.from}>{stretchWords(stretch, timezone)}</li>
          ))}
        </ol>
      </details>
    </div>
  );
}

/** A line across the bar with its word; nothing where it lies outside. */
function Mark(props: {
  readonly at: number | null;
  readonly label: string;
  readonly place: 'top' | 'bottom';
}) {
  const { at, label, place } = props;
  if (at === null) return null;
  const side = at < 8 ? 'start' : at > 92 ? 'end' : 'middle';
  return (
    <div className={css.mark} data-place={place} style={{ left: `${at}%` }}>
      <span className={css.label} data-side={side}>
        {label}
      </span>
    </div>
  );
}

/** The part of the bar after a missed deadline. */
function Late({ from, to }: { readonly from: number | null; readonly to: number | null }) {
  if (from === null || to === null || to <= from) return null;
  return <div className={css.late} style={{ left: `${from}%`, width: `${to - from}%` }} />;
}

/** The kinds that the bar shows, with how much of them counted, and what was still to come. */
function Legend(props: {
  readonly stretches: readonly RulerStretch[];
  readonly until: number;
  readonly isDone: boolean;
}) {
  const { stretches, until, isDone } = props;
  const counted = countedUntil(stretches, until);
  const comingMs = stretches.reduce((sum, { countedMs }) => sum + countedMs, 0) - counted;
  const kinds = RULER_KINDS.filter(
    ([kind]) => kind !== 'counted' && stretches.some(stretch => kindOf(stretch) === kind),
  );
  return (
    <ul className={css.legend}>
      <Entry kind="counted" words={`Counted: ${workedWords(counted)}`} />
      {comingMs <= 0 ? null : (
        <Entry
          kind="coming"
          words={`${isDone ? 'Left when it was done' : 'To come'}: ${workedWords(comingMs)}`}
        />
      )}
      {kinds.map(([kind, words]) => (
        <Entry key={kind} kind={kind} words={words} />
      ))}
    </ul>
  );
}

function Entry({ kind, words }: { readonly kind: RulerKind | 'coming'; readonly words: string }) {
  return (
    <li>
      <span className={css.swatch} data-kind={kind} aria-hidden="true" />
      {words}
    </li>
  );
}

/** The colour of what counted: deep up to an instant, pale after it. */
function fillOf(stretch: RulerStretch, until: number): { readonly backgroundImage?: string } {
  if (stretch.why !== null) return {};
  const percent = 100 * goneOf(stretch, until);
  return {
    backgroundImage: `linear-gradient(90deg, var(--baton-good) ${percent}%, transparent ${percent}%)`,
  };
}

/** The share of a stretch that has gone by at an instant. */
function goneOf({ from, to }: RulerStretch, at: number): number {
  const [begins, ends] = [Date.parse(from), Date.parse(to)];
  return Math.min(1, Math.max(0, (at - begins) / (ends - begins)));
}

function kindOf({ why }: RulerStretch): RulerKind {
  return why ?? 'counted';
}

/** What counted up to an instant; of the stretch in which it lies the part that went by. */
function countedUntil(stretches: readonly RulerStretch[], at: number): number {
  return stretches.reduce((sum, stretch) => sum + stretch.countedMs * goneOf(stretch, at), 0);
}
