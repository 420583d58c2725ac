/** The sets of files that reach each other: the strongly connected components of more than one (Tarjan, 1972). */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string) => {
    const number = order.size;
    order.set(name, number);
    low.set(name, number);
    open.push(name);
    for (const next of graph.get(name) ?? []) {
      if (!order.has(next)) visit(next);
      else if (!open.includes(next)) continue;
      low.set(name, Math.min(low.get(name) ?? number, low.get(next) ?? number));
    }
    if (low.get(name) !== number) return;
    const members = open.splice(open.indexOf(name));
    const [only] = members;
    if (members.length > 1 || (only !== undefined && graph.get(only)?.includes(only)))
      cycles.push(members.sort());
  };
  for (const name of graph.keys()) if (!order.has(name)) visit(name);
  return cycles;
}
