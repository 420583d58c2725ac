/** Networks of one owner, in CIDR notation. */
export interface Network {
  readonly owner: string;
  readonly blocks: readonly string[];
}

/** Finds whose network an address lies in; null for none. */
type NetworkFinder = (address: string) => string | null;

/**
 * Makes a finder over networks of IPv4 blocks; a block that cannot be read is left out.
 *
 * @example networkFinder([{ owner: 'Acme', blocks: ['192.0.2.0/24'] }])('192.0.2.7') // 'Acme'
 */
export function networkFinder(networks: readonly Network[]): NetworkFinder {
  const ranges = networks
    .flatMap(({ owner, blocks }) => blocks.flatMap(block => rangeOf(block, owner) ?? []))
    .sort((a, b) => a.from - b.from);
  return address => {
    const at = numberOf(address);
    if (at === null) return null;
    return ranges.find(({ from, to }) => from <= at && at <= to)?.owner ?? null;
  };
}

function rangeOf(block: string, owner: string) {
  const [address = '', bits = ''] = block.split('/');
  const from = numberOf(address);
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  if (from === null || length > 32) return null;
  const size = 2 ** (32 - length);
  const first = from - (from % size);
  return { owner, from: first, to: first + size - 1 };
}

/** An IPv4 address as a number, also when it is written as an IPv6 one; null for anything else. */
function numberOf(address: string): number | null {
  const text = address.trim().replace(/^::ffff:/i, '');
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (found === null) return null;
  const parts = found.slice(1).map(Number);
  if (parts.some(part => part > 255)) return null;
  return parts.reduce((number, part) => number * 256 + part, 0);
}
