import { changeWish } from '../../src/loop/letter/unsubscribe.ts';
import { chosen } from './chance.ts';
import { BrokenError } from './check.ts';
import type { Action, NodeNumber } from './plan.ts';
import { type Life, tickOf } from './world.ts';

/** Follows the link of a letter that arrived: its reader wants no more mail, or wants it again. */
export async function wish(
  life: Life,
  node: NodeNumber,
  { pick, wantsMail }: Extract<Action, { kind: 'wish' }>,
): Promise<void> {
  const { post } = life.peers;
  const letter = chosen(post.letters(), pick);
  if (letter === null) return;
  const now = tickOf(life, node);
  const { address, token } = letter;
  post.wish({ address, wantsMail, isDone: false, at: now });
  const reader = await changeWish(life.nodes[node].app, token, { wantsMail, now });
  if (reader === null) throw new BrokenError(`the link of a letter leads nowhere: ${token}`);
  post.wish({ address, wantsMail, isDone: true, at: now });
}
