import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the real data sets lie when they are there: beside the project, never inside it. */
export const DATA_FOLDER = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Whether the data sets can be read. */
export const HAS_DATA = existsSync(DATA_FOLDER);

/**
 * Names a suite that needs the data, so that a run without it says what was left out.
 *
 * @example needsData('The loan funnel') // 'The loan funnel (skipped: no ../shared/data)', or the name alone
 */
export function needsData(name: string): string {
  return HAS_DATA ? name : `${name} (skipped: no ../shared/data)`;
}
