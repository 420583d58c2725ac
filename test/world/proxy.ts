import { connect, createServer, type Socket } from 'node:net';

/** A way to a database that can be cut and mended. */
export interface Proxy {
  /** The database's address by way of the proxy. */
  readonly url: string;
  readonly cut: () => void;
  readonly mend: () => void;
  /** Keeps connections open and passes nothing on, as a network does that swallows packets; until it is mended. */
  readonly swallow: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a TCP proxy in front of the database of a URL. */
export async function openProxy(target: string): Promise<Proxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  const server = createServer(client => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(to.port || 5432), to.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', chunk => isSilent || upstream.write(chunk));
    upstream.on('data', chunk => isSilent || client.write(chunk));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => {
      isCut = false;
      isSilent = false;
    },
    swallow: () => {
      isSilent = true;
    },
    close: () => {
      drop();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
