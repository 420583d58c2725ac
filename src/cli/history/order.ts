/**
 * Starts work on items as they come, at most `width` pieces at once, and hands the answers on in the order of the items.
 * The items are drawn only as there is room for them.
 */
export async function* inOrder<Item, Answer>(
  items: AsyncIterable<Item> | Iterable<Item>,
  width: number,
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<{ readonly item: Item; readonly answer: Answer }> {
  const started: { readonly item: Item; readonly answer: Promise<Answer> }[] = [];
  const first = async () => {
    const next = started.shift();
    return next === undefined ? null : { item: next.item, answer: await next.answer };
  };
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const item of items) {
      const answer = ask(item);
      // The await in `first` throws the failure; one that comes sooner must not end the process.
      answer.catch(() => {});
      started.push({ item, answer });
      const done = started.length < width ? null : await first();
      if (done !== null) yield done;
    }
  } catch (error) {
    failure = { error };
  }
  for (let done = await first(); done !== null; done = await first()) yield done;
  if (failure !== null) throw failure.error;
}
