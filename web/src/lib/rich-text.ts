/** The little of Markdown that notes use: headings, paragraphs, lists, bold and code. Everything else stays the text it is. */
export type Inline = { kind: "text" | "bold" | "code"; text: string };

/** A heading or a paragraph, a list with one entry for each item, or lines of code as they are. */
export type Block = { kind: "heading" | "paragraph"; content: Inline[] } | { kind: "list"; items: Inline[][] } | { kind: "code"; text: string };

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

/** Splits a note into its blocks. A fence that is never closed ends with the note. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open = false;
  let fence: { mark: string; lines: string[] } | undefined;
  const close = () => {
    if (fence) found.push({ kind: "code", text: fence.lines.join("\n") });
    fence = undefined;
    open = false;
  };
  for (const line of text.split(/\r?\n/)) {
    if (fence) {
      if (line.trim() === fence.mark) close();
      else fence.lines.push(line);
      continue;
    }
    const mark = /^\s*(`{3,})[^`]*$/.exec(line)?.[1];
    const heading = /^#{1,6} +(.+?)(?: +#+)?\s*$/.exec(line)?.[1];
    const item = /^\s*[-*] (.*)$/.exec(line)?.[1];
    const last = found.at(-1);
    if (mark) {
      fence = { mark, lines: [] };
    } else if (heading !== undefined) {
      found.push({ kind: "heading", content: inline(heading) });
    } else if (item !== undefined) {
      if (open && last?.kind === "list") last.items.push(inline(item));
      else found.push({ kind: "list", items: [inline(item)] });
    } else if (line.trim() !== "") {
      if (open && last?.kind === "paragraph") last.content.push({ kind: "text", text: "\n" }, ...inline(line));
      else found.push({ kind: "paragraph", content: inline(line) });
    }
    open = line.trim() !== "" && heading === undefined;
  }
  close();
  return found;
}

/** `path/file.rs:12-30` as a place; nothing when the text is not one. */
export function placeIn(code: string): { path: string; start: number; end: number } | null {
  const [, path, start, end] = /^([^\s:][^:]*):(\d{1,9})(?:-(\d{1,9}))?$/.exec(code) ?? [];
  if (!path || !start) return null;
  return { path, start: Number(start), end: Number(end ?? start) };
}
