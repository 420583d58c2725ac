import type { Database } from '../../src/db/database.ts';
import type { Absences } from './absence.ts';
import type { Told } from './hindsight.ts';
import type { Model } from './model.ts';
import { type Node, startNode } from './node.ts';
import type { Peers } from './peers.ts';
import type { Raw } from './people.ts';
import type { NodeNumber, Plan } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** The agreement of every world. */
export const AGREEMENT_ID = 'simulated';

/** Who was who after a step: contacts by their names and by their episodes. */
export interface Look {
  readonly now: number;
  readonly names: ReadonlyMap<string, string>;
  readonly episodes: ReadonlyMap<string, string>;
  readonly contacts: ReadonlyMap<string, readonly string[]>;
  readonly versions: ReadonlyMap<string, number | null>;
}

/** A world while it is lived through. */
export interface Life {
  readonly plan: Plan;
  readonly db: Database;
  /** Each server's own way to the database. */
  readonly dbs: readonly [Database, Database];
  readonly model: Model;
  readonly peers: Peers;
  readonly absences: Absences;
  readonly nodes: [Node, Node];
  /** `base` is the true time; `beats` are the milliseconds that passed within a step. */
  readonly clocks: { base: number; skew: readonly [number, number]; beats: number };
  readonly sent: { readonly raws: readonly Raw[]; readonly trust: 'server' | 'public' }[];
  /** Scores that were told, to be asked for again as they were known then. */
  readonly told: Told[];
  /** Reviewed merges by their ids, with the names that each of the two had before. */
  readonly merges: Map<
    string,
    { readonly from: readonly string[]; readonly into: readonly string[]; readonly at: number }
  >;
  /** What to work out once all that happens at the same time is done. */
  readonly afterwards: (() => Promise<void>)[];
  /** When the sweeps have run to their end, epoch ms. */
  readonly ticks: number[];
  /** What was taken in: in which step, and between which instants of its server it was worked on. */
  readonly heard: { readonly raw: Raw; readonly step: number; readonly from: number; readonly to: number }[];
  /** Who was who, and whose each episode was, after each step. */
  readonly looks: Look[];
  /** Names of contacts that were parted again: of what went on meanwhile, only the database can say whose it is. */
  readonly parted: Set<string>;
  /** Who tried to stop a track, and whether it is known that they did. */
  readonly halts: { readonly episodeId: string; readonly at: number; isDone: boolean }[];
  /** The number of the step that is taken. */
  step: number;
  seen: Snapshot;
  latest: number;
  deaths: number;
  /** How many past scores were asked for again. */
  asked: number;
  ledgerRead: number;
  wasActivated: boolean;
  /** Whether what is done now is all that goes on, and nobody dies of it. */
  isAlone: boolean;
}

/** The next instant of a server's clock: no two things happen at the very same one. */
export function tickOf(life: Life, node: NodeNumber): number {
  life.clocks.beats += 1;
  return life.nodes[node].app.clock();
}

/** The latest instant on any server's clock. */
export function nowOf({ clocks }: Life): number {
  return clocks.base + Math.max(...clocks.skew) + clocks.beats;
}

/** Starts a server that has died anew. */
export function restart(life: Life, node: NodeNumber): void {
  life.deaths += 1;
  const { clocks } = life;
  life.nodes[node] = startNode(life.dbs[node], () => clocks.base + clocks.skew[node] + clocks.beats);
}
