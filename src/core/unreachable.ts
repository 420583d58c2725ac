/** Ends a switch over a closed union: the compiler refuses a missed case, and a broken assumption stops the work. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
