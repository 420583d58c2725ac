import type { Attempt } from '../../core/delivery/retry.ts';
import { oneLine } from '../../core/text/safe.ts';
import { type ClaimedRow, type Mark, markDeliveries } from '../../db/delivery/outbox.ts';
import { isAway } from '../../db/driver/fault.ts';
import type { App } from '../app.ts';
import { inHalves } from '../sweep.ts';

/** The longest error text that is kept, and the longest beginning of an answer. */
const MAX_ERROR = 500;
const MAX_RESPONSE = 500;
/** How often, and how many milliseconds apart, marks are written anew while the database is away. */
const TRIES = 10;
const TRY_AGAIN_MS = 1000;

/** Writes down what became of attempts. */
export interface Marker {
  readonly mark: (mark: Mark) => void;
  /** Takes note of a failure of the writing beside a mark. */
  readonly fail: (problem: unknown) => void;
  /** Waits for the last write; what could not be written is sent again when its lease ends. */
  readonly settled: () => Promise<void>;
}

/** Writes marks as they come, those that gather during one write with the next: what was sent is known at once. */
export function makeMarker(app: App): Marker {
  let gathered: Mark[] = [];
  let writing: Promise<void> | null = null;
  let problems: unknown[] = [];
  const note = (problem: unknown) => {
    app.log.error({ err: problem }, 'what became of a message could not be written; it may be sent again');
    problems.push(problem);
  };
  const write = async () => {
    while (gathered.length > 0) {
      const marks = gathered;
      gathered = [];
      await inHalves(
        marks,
        some => save(app, some),
        (_mark, problem) => note(problem),
      ).catch(note);
    }
    writing = null;
  };
  return {
    mark: mark => {
      const lastError = mark.lastError === null ? null : oneLine(mark.lastError, MAX_ERROR);
      gathered.push({ ...mark, lastError });
      writing ??= write();
    },
    fail: note,
    settled: async () => {
      await writing;
      const [problem] = problems;
      problems = [];
      if (problem !== undefined) throw problem;
    },
  };
}

/** A message that was sent and not marked is sent twice: while the database is away, writing is tried again. */
async function save(app: App, marks: readonly Mark[]): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await markDeliveries(app.db, marks);
    } catch (error) {
      if (tried >= TRIES || !isAway(error)) throw error;
      await new Promise(resolve => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/** Gives a claimed message back unsent, due again at `nextAt` (epoch ms); the attempt does not count. */
export function putBack({ id, attempts }: ClaimedRow, nextAt: number): Mark {
  return {
    id,
    attempts,
    attemptsAfter: attempts - 1,
    state: 'waiting',
    nextAttemptAt: nextAt,
    sentAt: null,
    lastError: null,
    isFailure: false,
    outcome: null,
    log: null,
  };
}

/** What is kept of an attempt that began at `startedAt` (epoch ms) and took `tookMs`. */
export function logOf(attempt: Attempt, startedAt: number, tookMs: number): Mark['log'] {
  const response = attempt.response ?? null;
  return {
    startedAt,
    tookMs: Math.round(tookMs),
    status: attempt.status ?? null,
    response: response === null ? null : oneLine(response, MAX_RESPONSE),
  };
}
