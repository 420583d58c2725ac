/** What people are called who are no longer here to be named. */
const GONE = 'Somebody who left';

/** A person, or a contact, as the API names them; `name` is null when they are no longer here. */
export function personOf(id: string, name: string | null): { readonly id: string; readonly name: string } {
  return { id, name: name ?? GONE };
}

/** A person as the API names them; null for nobody. */
export function personOrNull(id: string | null, name: string | null): ReturnType<typeof personOf> | null {
  return id === null ? null : personOf(id, name);
}
