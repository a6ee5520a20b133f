import { visible } from "@/lib/visible";

/** A line's text in its parts: three numbers each say where one begins, how long it is and what it is. */
export function split(text: string, tokens: readonly number[]): [text: string, kind: number][] {
  const parts: [string, number][] = [];
  let at = 0;
  for (let index = 0; index + 2 < tokens.length; index += 3) {
    const [start, length, kind] = [tokens[index] ?? 0, tokens[index + 1] ?? 0, tokens[index + 2] ?? 0];
    if (start < at || start + length > text.length) continue;
    if (start > at) parts.push([text.slice(at, start), 0]);
    parts.push([text.slice(start, start + length), kind]);
    at = start + length;
  }
  if (at < text.length) parts.push([text.slice(at), 0]);
  return parts;
}

/** A line of source in the colours that the server gave it: text, never markup. */
export function Tokens({ text, tokens }: { text: string; tokens: readonly number[] }) {
  if (tokens.length === 0) return visible(text);
  return split(text, tokens).map(([part, kind], index) =>
    kind === 0 ? visible(part) : (
      <span key={index} className={`tk-${kind}`}>
        {visible(part)}
      </span>
    ),
  );
}
