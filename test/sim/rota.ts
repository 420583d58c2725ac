import { z } from 'zod';
import { type RotaStep, rotaOf } from '../../src/core/routing/rota.ts';
import type { Database } from '../../src/db/database.ts';
import { BrokenError } from './check.ts';
import { ask } from './snapshot.ts';

const assigned = z.object({
  by: z.enum(['round_robin', 'weighted', 'least_open']).nullable(),
  available: z.array(z.string()),
});
const weighed = z.object({ weight: z.number() });

/** Holds the turns and places that teams stand at against what their ledger adds up to. */
export async function checkRota(db: Database): Promise<void> {
  const teams = await ask(
    db,
    'teams',
    { name: 'text', turn: 'float8' },
    'select name, turn from team order by name',
  );
  for (const { name, turn } of teams) {
    const lines = await ask(
      db,
      'steps',
      { kind: 'text', user_id: 'text', particulars: 'jsonb' },
      `select kind, user_id, particulars from routing_ledger
       where team = $1 and kind in ('joined', 'left', 'weighed', 'assigned') and user_id is not null order by id`,
      name,
    );
    const places = await ask(
      db,
      'places',
      { user_id: 'text', weight: 'float8', pass: 'float8' },
      'select user_id, weight, pass from team_member where team = $1 order by user_id',
      name,
    );
    const rota = rotaOf(lines.flatMap(stepOf));
    const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
    const isSame =
      isNear(rota.turn, turn) &&
      rota.places.length === places.length &&
      rota.places.every(({ userId, weight, pass }, index) => {
        const kept = places[index];
        return (
          kept !== undefined &&
          kept.user_id === userId &&
          isNear(kept.weight, weight) &&
          isNear(kept.pass, pass)
        );
      });
    if (!isSame)
      throw new BrokenError(
        `team ${name} stands elsewhere than its ledger leads to: ${JSON.stringify({ turn, places, rota })}`,
      );
  }
}

function stepOf(line: {
  readonly kind: string;
  readonly user_id: string;
  readonly particulars: unknown;
}): readonly RotaStep[] {
  const { kind, user_id: userId, particulars } = line;
  if (kind === 'left') return [{ kind, userId }];
  if (kind === 'assigned') {
    const { by, available } = assigned.parse(particulars);
    return by === null ? [] : [{ kind, userId, by, available }];
  }
  return [
    { kind: kind === 'joined' ? 'joined' : 'weighed', userId, weight: weighed.parse(particulars).weight },
  ];
}
