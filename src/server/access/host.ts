/** How a call named this server, where the server listens, and its public address if it has one. */
export interface Naming {
  /** The `Host` header as it came. */
  readonly sent: string;
  /** The host that was asked for, as a trusted proxy in front may have passed it on. */
  readonly host: string;
  readonly listensAt: string;
  readonly url: string | undefined;
}

const LOOPBACK = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** A number of the network, or a name without a dot, which only the own machine or network knows. */
const UNTIED = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\]|[\w-]+)$/i;

/** Returns whether only this machine reaches an address to listen at. @example isLoopback('::1') // true */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** The name in a host, without its port; null where it cannot be read. @example nameOfHost('Baton.example:80') // 'baton.example' */
export function nameOfHost(host: string): string | null {
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}

/**
 * Whether a call was sent to a name by which this server is known. A page can make its own name point here (DNS
 * rebinding), and to a browser it would be the same site as Baton; but such a name is always one of the DNS. So with a
 * public address that is the name to use; without one, a server that only this machine reaches is called by a name of this
 * machine, and any other by a number or a name without a dot.
 *
 * @example isHostKnown({ sent: 'evil.example', host: 'evil.example', listensAt: '0.0.0.0', url: undefined }) // false
 */
export function isHostKnown({ sent, host, listensAt, url }: Naming): boolean {
  const name = nameOfHost(sent);
  if (name === null) return false;
  if (isLoopback(listensAt) && isLoopback(name)) return true;
  if (url !== undefined) {
    const own = new URL(url).hostname;
    // A proxy may call us by a name of its own network, and pass on what it was called itself.
    return name === own || (UNTIED.test(name) && nameOfHost(host) === own);
  }
  if (isLoopback(listensAt)) return false;
  return isLoopback(name) || UNTIED.test(name) || name === listensAt.toLowerCase();
}
