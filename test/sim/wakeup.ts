import { z } from 'zod';
import { parseInstant } from '../../src/core/time/instant.ts';
import { BrokenError } from './check.ts';
import { ask } from './snapshot.ts';
import type { Life, Look } from './world.ts';

/** How far two clocks, or things done at the same time, may be apart, in ms. */
const UNSURE_MS = 10_000;

/** What was said of an episode, by the journal. Epoch ms. */
interface Logged {
  readonly id: number;
  readonly episode_id: string;
  readonly kind: string;
  readonly at: number;
  readonly particulars: unknown;
}

const said = z.object({ until: z.string().nullish() });

/** A date that was set for a lead. Epoch ms. */
interface Dated {
  readonly setAt: number;
  readonly until: number;
}

/**
 * Looks whether each date that was set for a lead, and that nothing took back, woke somebody once, by the first sweep after
 * it, and none but those; and whether one person was told of each. `now` in epoch ms.
 */
export async function checkWakeups(life: Life, log: readonly Logged[], now: number): Promise<void> {
  const dated = new Map<string, Dated>();
  const broken = (what: string, about: object) => {
    throw new BrokenError(`${what}: ${JSON.stringify({ ...about, now })}`);
  };
  let woken = 0;
  for (const entry of log) {
    const { kind, at, episode_id: id, particulars } = entry;
    const { until = null } = said.parse(particulars);
    const ahead = until === null ? null : parseInstant(until);
    const date = dated.get(id);
    if (kind !== 'woken') {
      if (date !== undefined) missed(life, { id, date, until: at }, broken);
      dated.delete(id);
      if (ahead !== null) dated.set(id, { setAt: at, until: ahead });
      continue;
    }
    woken += 1;
    const seenAt = date === undefined ? 0 : seenOf(life, date);
    if (
      date === undefined ||
      at < date.until ||
      at > seenAt ||
      handedOverAt(life, id, date).surely < at - UNSURE_MS
    )
      broken('a lead was looked at again at another time', { entry, date, seenAt });
    dated.delete(id);
  }
  for (const [id, date] of dated) missed(life, { id, date, until: now + UNSURE_MS }, broken);
  const [told] = await ask(
    life.db,
    'woken',
    { n: 'int8' },
    `select count(*) as n from outbox where channel = 'in_app' and payload->>'occasion' = 'The date has come'`,
  );
  if (told?.n !== woken) broken('people were told of dates wrongly', { told, woken });
}

/** The first sweep that must have seen a date. */
function seenOf({ ticks }: Life, { setAt, until }: Dated): number {
  return ticks.find(tick => tick >= until && tick > setAt) ?? Number.POSITIVE_INFINITY;
}

function missed(
  life: Life,
  { id, date, until }: { readonly id: string; readonly date: Dated; readonly until: number },
  broken: (what: string, about: object) => void,
): void {
  const seenAt = seenOf(life, date);
  if (seenAt <= until - UNSURE_MS && seenAt < handedOverAt(life, id, date).maybe)
    broken('nobody looked at a lead again', { id, date, until, seenAt });
}

/** When a lead with a date was handed over again, which takes the date back; and when it may have been, or was joined. */
function handedOverAt(
  { seen, looks, parted }: Life,
  episodeId: string,
  { setAt }: Dated,
): { readonly surely: number; readonly maybe: number } {
  const othersIn = ({ episodes }: Look) =>
    [...episodes].flatMap(([id, of]) => (id !== episodeId && of === episodes.get(episodeId) ? [id] : []));
  const base = looks.findLast(({ now }) => now <= setAt);
  const before = new Set(base === undefined ? [] : othersIn(base));
  const changed = looks.findIndex(look => look.now > setAt && othersIn(look).some(id => !before.has(id)));
  const contactId = seen.episodes.find(({ id }) => id === episodeId)?.contact_id;
  const names = seen.contacts.find(({ id }) => id === contactId)?.names ?? [];
  const after = seen.episodes.filter(
    ({ id, contact_id: of, handed_off_at: at }) => of === contactId && id !== episodeId && at > setAt,
  );
  return {
    surely: names.some(name => parted.has(name))
      ? Number.POSITIVE_INFINITY
      : Math.min(...after.map(({ handed_off_at: at }) => at)),
    maybe: changed === -1 ? Number.POSITIVE_INFINITY : (looks[changed - 1]?.now ?? setAt),
  };
}
