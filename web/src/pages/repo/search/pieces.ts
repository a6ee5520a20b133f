/**
 * A line cut where it has a word of the question: what of it is to be marked. The words are beginnings, in small letters,
 * and stand anywhere in a name.
 */
export function pieces(line: string, terms: readonly string[]): [text: string, hit: boolean][] {
  const wanted = terms.filter((term) => term !== "").sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return [[line, false]];
  const any = new RegExp(`(${wanted.map((term) => term.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|")})`, "iu");
  return line
    .split(any)
    .map((piece, index): [string, boolean] => [piece, index % 2 === 1])
    .filter(([piece]) => piece !== "");
}
