import { oneLine } from '../core/text/safe.ts';
import type { Sql } from '../db/database.ts';
import { isPassing } from '../db/driver/fault.ts';
import type { App, Straggler } from './app.ts';

/** After how long a straggler is tried again, in ms: so long after the first failure, twice as long after each further one. */
const RETRY_MS = { first: 60_000, most: 6 * 3_600_000 } as const;
/** How long after its next try a straggler is forgotten, in ms: it was not due any more, as something else has evaluated it. */
export const LAPSE_MS = 600_000;

/** Work that is done in batches, each in a transaction of its own. */
interface Batch<Done> {
  /** What the ids name, such as `due contacts`. */
  readonly name: string;
  /** Whether they are those of contacts, for which a person is notified of a straggler. */
  readonly isOfContacts: boolean;
  /** Finds what is due, a bounded number, but for some ids. */
  readonly find: (but: readonly string[]) => Promise<readonly string[]>;
  readonly work: (sql: Sql, ids: readonly string[]) => Promise<Done>;
}

/**
 * Does one batch of what is due and returns what was done. What fails is a straggler: it is set aside and tried again
 * later, by itself, so that it holds up nothing else. A database that is away fails the whole.
 */
export async function sweepBatch<Done>(app: App, batch: Batch<Done>, now: number): Promise<readonly Done[]> {
  const { stragglers } = app.memory;
  const key = (id: string) => `${batch.name} ${id}`;
  const waiting = [...stragglers.values()].filter(of => of.name === batch.name && isWaiting(of, now));
  const ids = [...new Set(await batch.find(waiting.map(({ id }) => id)))];
  const again = ids.filter(id => stragglers.has(key(id)));
  const fresh = ids.filter(id => !stragglers.has(key(id)));
  const done: Done[] = [];
  for (const part of [fresh, ...again.map(id => [id])]) {
    const failed = new Set<string>();
    const run = (some: readonly string[]) => app.db.transaction(sql => batch.work(sql, some));
    done.push(
      ...(await inHalves(part, run, (id, error) => {
        failed.add(id);
        setAside(app, { name: batch.name, id, isOfContacts: batch.isOfContacts, error, now });
      })),
    );
    for (const id of part) if (!failed.has(id)) recover(app, key(id));
  }
  return done;
}

/**
 * Does work for all items together; when that fails, for each half by itself, until an item that fails stands alone and is
 * given to `onBad`. Returns what was done. A failure that says nothing about the items, as of a database that is away,
 * fails the whole.
 */
export async function inHalves<Item, Done>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<Done>,
  onBad: (item: Item, error: unknown) => void,
): Promise<readonly Done[]> {
  const [first] = items;
  if (first === undefined) return [];
  try {
    return [await run(items)];
  } catch (error) {
    if (isPassing(error)) throw error;
    if (items.length === 1) {
      onBad(first, error);
      return [];
    }
  }
  const middle = Math.ceil(items.length / 2);
  const before = await inHalves(items.slice(0, middle), run, onBad);
  return [...before, ...(await inHalves(items.slice(middle), run, onBad))];
}

/** Whether a straggler is left alone for now; one that was set aside by a clock that has been put back since is not. */
function isWaiting({ failedAt, retryAt }: Straggler, now: number): boolean {
  return failedAt <= now && now < retryAt;
}

function setAside(
  app: App,
  of: Pick<Straggler, 'name' | 'id' | 'isOfContacts'> & { readonly error: unknown; readonly now: number },
): void {
  const { name, id, isOfContacts, error: failure, now } = of;
  const { stragglers } = app.memory;
  for (const [key, { retryAt }] of stragglers) if (now > retryAt + LAPSE_MS) stragglers.delete(key);
  const known = stragglers.get(`${name} ${id}`);
  const error = oneLine(failure instanceof Error ? failure.message : String(failure), 300);
  const tries = (known?.tries ?? 0) + 1;
  const waitMs = Math.min(RETRY_MS.first * 2 ** (tries - 1), RETRY_MS.most);
  const straggler = { name, id, isOfContacts, tries, error, failedAt: now, retryAt: now + waitMs };
  stragglers.set(`${name} ${id}`, { ...straggler, state: 'failed' });
  if (known?.error === error) return;
  app.log.error({ err: failure, sweep: name, id }, 'set aside, to be tried again later; the others go on');
}

/** Notes that a straggler went well; the exception of a contact is yet to be closed. */
function recover(app: App, key: string): void {
  const { stragglers } = app.memory;
  const known = stragglers.get(key);
  if (known === undefined) return;
  if (known.isOfContacts) stragglers.set(key, { ...known, state: 'recovered' });
  else stragglers.delete(key);
  app.log.info({ sweep: known.name, id: known.id }, 'what was set aside went well');
}

/** Notes that the exceptions of stragglers are as these are. */
export function noteReported(app: App, reported: readonly Straggler[]): void {
  for (const straggler of reported) {
    const key = `${straggler.name} ${straggler.id}`;
    // It may have failed, or gone well, meanwhile.
    if (app.memory.stragglers.get(key) !== straggler) continue;
    if (straggler.state === 'recovered') app.memory.stragglers.delete(key);
    else app.memory.stragglers.set(key, { ...straggler, state: 'reported' });
  }
}
