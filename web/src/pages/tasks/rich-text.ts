/** The little of Markdown that notes use: paragraphs, lists, bold and code. Everything else stays the text it is. */
export type Inline = { kind: "text" | "bold" | "code"; text: string };

/** A paragraph, or a list with one entry for each item. */
export type Block = { kind: "paragraph"; content: Inline[] } | { kind: "list"; items: Inline[][] };

const SPAN = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)|\*\*([^*]+)\*\*/g;

/** Splits a line into text, bold and code. A run of backticks is closed by one of the same length. */
export function inline(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    const [whole, , code, bold] = match;
    if (match.index > at) parts.push({ kind: "text", text: text.slice(at, match.index) });
    if (code !== undefined) parts.push({ kind: "code", text: code.replace(/^ (.*) $/, "$1") });
    else parts.push({ kind: "bold", text: bold ?? "" });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}

/** Splits a note into paragraphs and lists. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*[-*] (.*)$/.exec(line)?.[1];
    const last = found.at(-1);
    if (item !== undefined) {
      if (open && last?.kind === "list") last.items.push(inline(item));
      else found.push({ kind: "list", items: [inline(item)] });
    } else if (line.trim() !== "") {
      if (open && last?.kind === "paragraph") last.content.push({ kind: "text", text: "\n" }, ...inline(line));
      else found.push({ kind: "paragraph", content: inline(line) });
    }
    open = line.trim() !== "";
  }
  return found;
}

/** `path/file.rs:12-30` as a place; nothing when the text is not one. */
export function placeIn(code: string): { path: string; start: number; end: number } | null {
  const [, path, start, end] = /^([^\s:][^:]*):(\d{1,9})(?:-(\d{1,9}))?$/.exec(code) ?? [];
  if (!path || !start) return null;
  return { path, start: Number(start), end: Number(end ?? start) };
}
