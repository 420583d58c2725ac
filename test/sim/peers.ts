import type { Database } from '../../src/db/database.ts';
import type { Delivery, Senders } from '../../src/loop/delivery/delivery.ts';
import { makeLetterSender } from '../../src/loop/delivery/letter.ts';
import { BrokenError } from './check.ts';
import type { Node } from './node.ts';
import type { Mood } from './plan.ts';
import { openPost, type Post } from './post.ts';
import { ask } from './snapshot.ts';

/** The peers of a world: mail server, Slack and browsers, and everything that ever reached them. */
export interface Peers {
  /** Senders of a server, whose peers are in this mood. */
  readonly senders: (mood: Mood, node: Node) => Senders;
  /** What the mail server knows of letters. */
  readonly post: Post;
  /** Looks whether everything that arrived was promised, and, at the end, whether all that was promised is sent or shown. */
  readonly check: (db: Database, isEnd: boolean) => Promise<void>;
  readonly arrivals: () => number;
}

/** Opens the peers of a world. */
export function openPeers(): Peers {
  const arrived = new Map<string, number>();
  const post = openPost();
  const take = ({ id }: Pick<Delivery, 'id'>) => arrived.set(id, (arrived.get(id) ?? 0) + 1);
  const sender =
    (mood: Mood, isDead: () => boolean): Senders['email'] =>
    async (delivery, signal) => {
      if (isDead()) return { kind: 'failed', message: 'nobody is there to send it', retryAfterMs: null };
      switch (mood) {
        case 'takes':
          take(delivery);
          return { kind: 'sent' };
        case 'twice':
          take(delivery);
          return { kind: 'failed', message: 'the answer was lost', retryAfterMs: null };
        case 'fails':
          return { kind: 'failed', message: 'come back later', retryAfterMs: 60_000 };
        case 'away':
          return { kind: 'failed', message: 'nobody is in', retryAfterMs: null, isShared: true };
        case 'gone':
        case 'refuses':
          return { kind: 'refused', message: 'no such recipient' };
        case 'hangs':
          await new Promise<void>(resolve => {
            if (signal.aborted) resolve();
            else signal.addEventListener('abort', () => resolve(), { once: true });
          });
          return { kind: 'failed', message: 'no answer in time', retryAfterMs: null };
      }
    };
  return {
    post,
    senders: (mood, node) => {
      const moody = sender(mood, node.isDead);
      const letters = makeLetterSender(
        node.app,
        post.open(mood, node, id => void take({ id })),
        'https://baton.example',
      );
      return {
        in_app: sender('takes', node.isDead),
        email: (delivery, signal) => (delivery.isLetter ? letters : moody)(delivery, signal),
        slack: moody,
        webhook: moody,
      };
    },
    arrivals: () => [...arrived.values()].reduce((sum, n) => sum + n, 0),
    check: async (db, isEnd) => {
      const ids = [...arrived.keys()];
      const strange = await ask(
        db,
        'arrived',
        { id: 'uuid' },
        'select id from unnest($1::uuid[]) as come(id) where not exists (select from outbox o where o.id = come.id)',
        ids,
      );
      if (strange.length > 0) throw new BrokenError(`sent, and never promised: ${strange[0]?.id}`);
      const unmet = await ask(
        db,
        'unmet',
        { id: 'uuid', state: 'text', channel: 'text' },
        `select id, state, channel from outbox where (state = 'sent' and not id = any($1::uuid[])) or ($2 and state = 'waiting')`,
        ids,
        isEnd,
      );
      const [first] = unmet;
      if (first !== undefined)
        throw new BrokenError(`promised, ${first.state}, and never arrived: ${first.channel} ${first.id}`);
    },
  };
}
