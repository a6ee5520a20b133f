/** Makes a thing when it is first needed: what formats numbers and dates takes milliseconds to make, and most pages start without. */
export function once<T>(make: () => T): () => T {
  let made: { thing: T } | undefined;
  return () => (made ??= { thing: make() }).thing;
}
