import pg from 'pg';
import type { Heard } from '../database.ts';

interface From {
  readonly config: pg.ClientConfig;
  readonly onLost: (error: Error) => void;
  /** The wait before it listens again: the first time and at most, in milliseconds. */
  readonly againMs: { readonly first: number; readonly most: number };
}

/**
 * Listens on a channel with a connection of its own, and on another one when that is lost, after waits that grow as long as
 * none is to be had. Returns what ends it. Rejects when the first connection cannot be made.
 */
export async function listen(from: From, channel: string, heard: Heard): Promise<() => Promise<void>> {
  let isClosed = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let current: pg.Client | undefined;

  const open = async () => {
    const client = new pg.Client(from.config);
    current = client;
    client.on('notification', message => heard.onMessage(message.payload ?? ''));
    client.on('error', from.onLost);
    // Once for each client, however many errors tell of its end.
    const ended = new Promise(resolve => client.once('end', resolve));
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    failures = 0;
    ended.then(again);
  };
  const again = () => {
    if (isClosed) return;
    const most = Math.min(from.againMs.most, from.againMs.first * 2 ** failures);
    failures += 1;
    // Nodes that lost the database together do not come back together.
    timer = setTimeout(() => open().then(heard.onGap, again), most * (0.5 + Math.random() / 2));
    timer.unref();
  };

  await open();
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await current?.end().catch(() => {});
  };
}
