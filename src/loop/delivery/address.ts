import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The host of an address, without what may be secret in it: a password, a path; empty for what is not an address. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** Where a name leads: every address, with its family. */
export type Resolve = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** What the internet does not route, by RFC 6890 and its successors; the cloud's own services sit at 169.254.169.254. */
const CLOSED_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;
/** Of IPv6 only 2000::/3 is routed; within it these lead elsewhere, or back to an IPv4 address (Teredo, 6to4). */
const CLOSED_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const closed = new BlockList();
for (const [net, prefix] of CLOSED_V4) closed.addSubnet(net, prefix, 'ipv4');
const closedV6 = new BlockList();
for (const [net, prefix] of CLOSED_V6) closedV6.addSubnet(net, prefix, 'ipv6');
const routedV6 = new BlockList();
routedV6.addSubnet('2000::', 3, 'ipv6');

/**
 * Tells whether an IP address is one of the public internet. An IPv4 address written as IPv6 is not: somebody who writes one
 * so has something to hide.
 *
 * @example isPublic('169.254.169.254') // false
 */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && routedV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6');
}

/** The address in a URL's host, without the brackets of IPv6; null when it is a name. */
export function literalOf(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}

/** Says that a name or an address leads where webhooks may not go. */
export class PrivateAddressError extends Error {
  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, which is not a public address`);
    this.name = 'PrivateAddressError';
  }
}

/**
 * Makes the lookup of a connection that takes public addresses only. The connection goes to the very address that was
 * checked, so a name cannot lead elsewhere a moment later. A name with one private address among others is refused.
 */
export function publicLookup(resolve: Resolve | null): LookupFunction {
  const find: Resolve = resolve ?? (host => lookup(host, { all: true, verbatim: true }));
  return (host, options, callback) => {
    find(host)
      .then(found => {
        const wrong = found.find(({ address }) => !isPublic(address));
        if (wrong !== undefined) throw new PrivateAddressError(host, wrong.address);
        const [first] = found;
        if (first === undefined) throw new Error(`${host} has no address`);
        if (options.all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      })
      .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0));
  };
}
