/** A column of so many whole numbers below 2¹⁶, all 0, that any thread can read. @example uint16s(2).byteLength // 4 */
export function uint16s(length: number): Uint16Array {
  return new Uint16Array(new SharedArrayBuffer(2 * length));
}

/** A column of so many whole numbers below 2³², all 0, that any thread can read. @example uint32s(2).byteLength // 8 */
export function uint32s(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

/** A column of so many numbers, all 0, that any thread can read. @example float64s(2).byteLength // 16 */
export function float64s(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/**
 * A column with room for `needed` numbers: the same one, or a copy of at least twice its length, which `make` allocates.
 *
 * @example grown(uint32s(4), 5, uint32s).length // 8
 */
export function grown<Column extends { readonly length: number; readonly set: (from: Column) => void }>(
  column: Column,
  needed: number,
  make: (length: number) => Column,
): Column {
  if (needed <= column.length) return column;
  const larger = make(Math.max(needed, 2 * column.length));
  larger.set(column);
  return larger;
}
