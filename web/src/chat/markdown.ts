/** What a model writes, as a tree of which nothing runs: its own markup is text like everything else. */
import { Lexer, type Token } from "marked";

export type { Token, Tokens } from "marked";

/** How deep lists and quotations may lie in each other; what lies deeper stays the text it is. */
export const DEEPEST = 12;

/** Splits a text into its blocks. One that cannot be read (thousands of quotations in each other) is one paragraph. */
export function read(text: string): Token[] {
  try {
    return new Lexer({ gfm: true, breaks: false }).lex(text);
  } catch {
    return [{ type: "paragraph", raw: text, text, tokens: [{ type: "text", raw: text, text }] }];
  }
}

/** A piece of a line: words, or the numbers of sources. */
export type Piece = string | { cites: number[]; raw: string };

/** `[1]`, `[2, 3]`; not `argv[1]`, which is code. */
const CITATION = /(?<![\w\])])\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]|(?<=\[\d{1,3}\])\[(\d{1,3})\]/g;

/** Finds the numbers of sources in a line. */
export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of line.matchAll(CITATION)) {
    if (match.index > at) found.push(line.slice(at, match.index));
    found.push({ cites: (match[1] ?? match[2] ?? "").split(",").map(Number), raw: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) found.push(line.slice(at));
  return found;
}

/** Whether what looks like a link is the number of a source that the model has given an address. */
export const isCitation = (raw: string): boolean => /^\[\d{1,3}\]/.test(raw);

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** A text with its character references read: `&lt;` is what somebody wrote who meant `<`. */
export const plain = (text: string): string =>
  text.replace(/&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** The address of a link that may be followed, with its host; nothing for what is no page of the web. */
export function pageOf(href: string): { href: string; host: string } | undefined {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return undefined;
  const { href: whole, host, username, password } = new URL(href);
  // A name before the host looks like one.
  return username === "" && password === "" ? { href: whole, host } : undefined;
}
