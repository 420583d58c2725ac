import type { ContactLine, EventLine, OutcomeLine } from '../../core/import/line.ts';
import type { App } from '../app.ts';

/** A usable row of an import file. */
export interface ImportRow {
  readonly line: number;
  readonly result: ContactLine | EventLine | OutcomeLine;
}

/** A row that was not taken after all. */
export interface RefusedImport {
  readonly line: number;
  readonly reason: string;
}

/** A row that was not imported: where it stood, why, and what stood there. */
export interface RefusedRow extends RefusedImport {
  readonly cells: readonly string[];
}

/** What became of some rows; the rest was known already. */
export interface TakenRows {
  readonly taken: number;
  readonly refused: readonly RefusedImport[];
}

/** What a part of an import needs to know of the whole. */
export interface ImportWork {
  readonly app: App;
  readonly batchId: string;
  /** Remembers contacts whose score must be computed anew. */
  readonly touch: (contactIds: readonly string[]) => void;
}
