/**
 * Loads what a server is made of, ring by ring. Node opens all files at once that a file imports and those import, and where
 * a process may open 256 files only, the whole at once would be too many.
 */
export async function loadRings(): Promise<void> {
  await import('../../contract/api.ts');
  await import('../../loop/evaluation/settle.ts');
}
