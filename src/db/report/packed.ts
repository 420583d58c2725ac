/**
 * A column of instants as one value, for many leads at once: eight bytes each, epoch ms, NaN for null. A row object for each
 * lead takes longer to read than everything that is worked out from it.
 */
export function packed(instant: string): string {
  return `string_agg(float8send(coalesce(round(date_part('epoch', ${instant}) * 1000), 'NaN')), ''::bytea)`;
}

/** Reads a packed column; null, where nothing was packed, is empty. */
export function unpack(bytes: Uint8Array | null): Float64Array {
  if (bytes === null) return new Float64Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(bytes.byteLength / 8);
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat64(index * 8);
  return values;
}
