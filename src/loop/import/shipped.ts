import { readFileSync } from 'node:fs';
import { readMappingFile } from '../../contract/file/mapping.ts';
import { splitZone } from '../../core/import/date.ts';
import { KNOWN_SOURCES, type KnownSource, type Mapping } from '../../core/import/mapping.ts';
import { squeeze } from '../../core/import/target.ts';

/** What people call the systems whose files have a shipped mapping. */
export const SOURCE_NAMES: Readonly<Record<KnownSource, string>> = {
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  pipedrive: 'Pipedrive',
  meta: 'Meta lead ads',
  linkedin: 'LinkedIn lead gen forms',
};

const FOLDER = new URL('../../../templates/mapping/', import.meta.url);

/** The mappings that were read: they are a part of the program and never change. */
const known = new Map<KnownSource, Mapping>();

/** The mapping that is shipped for the files of a system. */
export function shippedMapping(source: KnownSource): Mapping {
  const found = known.get(source);
  if (found !== undefined) return found;
  const { mapping, problems } = readMappingFile(readFileSync(new URL(`${source}.yaml`, FOLDER), 'utf8'));
  if (mapping === null) throw new Error(`the mapping ${source} is broken: ${problems[0]?.message}`);
  known.set(source, mapping);
  return mapping;
}

/** How many of its headers a file must have to count as an export of a system. */
const SIGNS = 3;

/**
 * The system whose export has the most headers in common with a file; null where too few are, or two have as many.
 *
 * @example recognise(['Record ID', 'Email', 'Lifecycle Stage', 'Create Date']) // 'hubspot'
 */
export function recognise(header: readonly string[]): KnownSource | null {
  const names = new Set(header.map(name => squeeze(splitZone(name.trim()).name)));
  const counts = KNOWN_SOURCES.map(source => ({
    source,
    count: shippedMapping(source).signs.filter(sign => names.has(squeeze(sign))).length,
  })).sort((a, b) => b.count - a.count);
  const [best, next] = counts;
  return best === undefined || best.count < SIGNS || best.count === next?.count ? null : best.source;
}
