import { readCall } from '../../src/core/intake/call.ts';
import { formatInstant } from '../../src/core/time/instant.ts';
import { takeIn } from '../../src/loop/intake/intake.ts';
import { makeChance } from './chance.ts';
import { BrokenError } from './check.ts';
import { makeModel } from './model.ts';
import type { Raw } from './people.ts';
import { readWorld } from './snapshot.ts';
import type { Life } from './world.ts';

/** In which share of worlds everything is told once more. */
const SHARE = 0.25;

/**
 * Tells everything that was said in a world once more, of other people and in another order, and looks whether they score
 * what the facts say: no order of arrival may matter.
 */
export async function refeed(life: Life): Promise<void> {
  const chance = makeChance(life.plan.seed + 77);
  if (!chance.hit(SHARE)) return;
  const now = life.clocks.base;
  const raws = chance.shuffled(
    life.model
      .facts()
      .map(({ raw, at }) => renamed({ ...raw, timestamp: formatInstant(at) }, life.plan.seed)),
  );
  const model = makeModel(life.plan.versions);
  const { app } = life.nodes[0];
  while (raws.length > 0) {
    const batch = raws.splice(0, chance.int(1, 25));
    const calls = batch.flatMap(raw => {
      const { call } = readCall(raw, { receivedAt: now, trust: 'server', messageId: raw.messageId });
      return call === null ? [] : [call];
    });
    await app.db.transaction(sql => takeIn(sql, app, calls, { now, batchId: null, opens: 'never' }));
    model.take(batch, now);
  }
  const { contacts } = await readWorld(life.db);
  const byName = new Map(contacts.flatMap(contact => contact.names.map(name => [name, contact] as const)));
  for (const someone of model.people(now)) {
    const [name = ''] = someone.names;
    const contact = byName.get(name);
    if (contact === undefined || contact.version === null)
      throw new BrokenError(`told anew, ${name} is not there`);
    // Whose company was told of something later is due, and scored at the next sweep.
    if (contact.next_change_at !== null && contact.next_change_at <= now) continue;
    const score = model.score(contact.version, someone, now, now);
    const expected = score.applies ? score.scores : {};
    if (JSON.stringify(contact.scores) !== JSON.stringify(expected))
      throw new BrokenError(
        `told in another order, ${name} scores otherwise: ${JSON.stringify({ expected, contact })}`,
      );
  }
}

/** The same call about somebody else: every id and address gets another beginning. */
function renamed(raw: Raw, seed: number): Raw {
  const text = JSON.stringify(raw).replaceAll(`w${seed}`, `v${seed}`);
  const said: Raw = JSON.parse(text);
  return said;
}
