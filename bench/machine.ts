import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** Packages that are measured against, whose versions belong beside the figures. */
const PEERS = ['json-rules-engine', '@gorules/zen-engine', '@duckdb/node-api'] as const;

/** The machine and the versions that the figures come from, in a few lines. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = PEERS.map(name => `${name} ${versionIn(`node_modules/${name}/package.json`)}`);
  return [
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ${process.platform} ${process.arch}`,
    `Baton ${versionIn('package.json')}, Node ${process.versions.node}, V8 ${process.versions.v8}, ${versions.join(', ')}`,
  ].join('\n');
}

function versionIn(file: string): string {
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
