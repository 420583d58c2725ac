import { Worker } from 'node:worker_threads';
import { type Agreement, readAgreement } from '../src/core/agreement/agreement.ts';
import { qualificationSpans } from '../src/core/replay/replay.ts';
import { compile, type Program } from '../src/core/scoring/program.ts';
import { type Columns, YEAR } from './column.ts';

/** What contacts do: how common it is, what it is worth, and after how many days half of that is gone. */
export const KINDS = [
  { name: 'Page Viewed', share: 30, points: 3, halfLifeDays: 7 },
  { name: 'Email Opened', share: 20, points: 3, halfLifeDays: 3 },
  { name: 'Email Clicked', share: 12, points: 5, halfLifeDays: 7 },
  { name: 'Feature Used', share: 12, points: 4, halfLifeDays: 14 },
  { name: 'Article Read', share: 9, points: 4, halfLifeDays: 21 },
  { name: 'Pricing Viewed', share: 6, points: 8, halfLifeDays: 14 },
  { name: 'Paper Downloaded', share: 5, points: 10, halfLifeDays: 30 },
  { name: 'Webinar Attended', share: 3, points: 12, halfLifeDays: 45 },
  { name: 'Trial Started', share: 2, points: 20, halfLifeDays: 30 },
  { name: 'Demo Requested', share: 1, points: 30, halfLifeDays: 60 },
] as const;

/** The total at which a contact qualifies. */
export const LINE = 75;

/** Ten event rules and one path; without decay it asks what DuckDB is asked, and the answers can be compared. */
export function crossingProgram({ decay }: { readonly decay: boolean }): Program {
  const rules = KINDS.map(({ name, points, halfLifeDays }, index) => ({
    id: `kind_${index}`,
    score: 'intent',
    points,
    on: name,
    ...(decay ? { decay: { halfLife: `${halfLifeDays}d` } } : {}),
  }));
  return compile(
    agreementOf({
      agreement: 1,
      name: 'Ten kinds of events',
      scores: { intent: {} },
      rules,
      mql: [{ id: 'line', when: { total: { gte: LINE } } }],
    }),
  );
}

function agreementOf(value: unknown): Agreement {
  const { agreement, problems } = readAgreement(value);
  if (problems === null) return agreement;
  throw new Error(`no agreement: ${JSON.stringify(problems)}`);
}

/** When each contact first qualifies, epoch milliseconds; NaN where it never does. */
export type Crossings = Float64Array;

/** Contacts from `first` up to, not including, `end`, whose first crossings go into `into`. */
export interface Walk {
  readonly decay: boolean;
  readonly columns: Columns;
  readonly first: number;
  readonly end: number;
  readonly into: Float64Array;
}

/** Threads that find first crossings, each for its share of the contacts; they see all spans, not only the first. */
export interface Crossers {
  readonly find: (how: { readonly decay: boolean }, columns: Columns) => Promise<Crossings>;
  readonly close: () => Promise<void>;
}

/** Starts so many threads. */
export function startCrossers(threads: number): Crossers {
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./walk.js', import.meta.url)));
  return {
    find: async ({ decay }, columns) => {
      const contacts = columns.offsets.length - 1;
      const into = new Float64Array(new SharedArrayBuffer(contacts * 8));
      // Shares by events: the contacts of one share may have more of them than those of another.
      const events = columns.offsets[contacts] ?? 0;
      const ends = workers.map((_, index) => contactAt(columns, (events * (index + 1)) / threads));
      const walks = workers.map((worker, index) => {
        const [first, end] = [ends[index - 1] ?? 0, index + 1 < threads ? (ends[index] ?? 0) : contacts];
        return asked(worker, { decay, columns, first, end, into });
      });
      await Promise.all(walks);
      return into;
    },
    close: async () => {
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}

function asked(worker: Worker, walk: Walk): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.postMessage(walk);
  });
}

/** The contact that the event of this number belongs to. */
function contactAt({ offsets }: Columns, event: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < event) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The slots that an event of each kind matches. */
export function slotsOfKinds(program: Program): readonly (readonly number[])[] {
  return KINDS.map(({ name }) => program.slotsOf({ at: 0, name, properties: {}, context: {} }));
}

/** When each contact first qualifies, by the plain way: the answers that a quicker way is held against. */
export function crossingsBySpans(program: Program, columns: Columns): Crossings {
  const contacts = columns.offsets.length - 1;
  const slots = slotsOfKinds(program).map(([, slot = 0]) => slot);
  const crossings = new Float64Array(contacts);
  for (let contact = 0; contact < contacts; contact++) {
    const timeline = { createdAt: YEAR.from, versions: [], history: historyOf(columns, contact, slots) };
    const [first] = qualificationSpans(program, timeline, YEAR);
    crossings[contact] = first?.from ?? Number.NaN;
  }
  return crossings;
}

function historyOf(columns: Columns, contact: number, slots: readonly number[]): number[][] {
  const history: number[][] = Array.from({ length: slots.length + 1 }, () => []);
  const end = columns.offsets[contact + 1] ?? 0;
  for (let index = columns.offsets[contact] ?? 0; index < end; index++) {
    const at = columns.at[index] ?? 0;
    history[0]?.push(at);
    history[slots[columns.kind[index] ?? 0] ?? 0]?.push(at);
  }
  return history;
}
