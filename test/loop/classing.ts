import type { Settled } from '../../src/loop/evaluation/settle.ts';
import { classEvents } from '../../src/loop/intake/reclass.ts';
import type { Story } from './story.ts';

/** Classes all events of a name in a story as made by a machine or by a person, as Ann, now. */
export function classOf(story: Story): (name: string, machine: boolean, note?: string) => Promise<Settled> {
  return async (name, machine, note) => {
    const rows = await story.query({ id: 'int8' }, 'select id from event where name = $1 order by id', name);
    const classing = { eventIds: rows.map(({ id }) => id), machine, note: note ?? null };
    const by = { actor: 'Ann', now: story.app.clock() };
    return story.db.transaction(sql => classEvents(sql, story.app, classing, by));
  };
}
