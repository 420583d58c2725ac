/**
 * Names that tell people apart: one that several bear gets its mark added.
 *
 * @example tellApart([{ name: 'Ann', mark: 'a@x.co' }, { name: 'Ann', mark: 'b@x.co' }]) // ['Ann (a@x.co)', 'Ann (b@x.co)']
 */
export function tellApart(
  named: readonly { readonly name: string; readonly mark: string }[],
): readonly string[] {
  const times = new Map<string, number>();
  for (const { name } of named) times.set(name, (times.get(name) ?? 0) + 1);
  return named.map(({ name, mark }) => ((times.get(name) ?? 0) > 1 ? `${name} (${mark})` : name));
}
