/**
 * What the panel beside the page shows, as it stands in the address: `?peek=src:repo:10-20:path/to/file`, or
 * `?peek=commit:repo:` and the full id.
 * Back closes it, and a link reproduces it.
 */
export type PeekTarget =
  | { kind: "source"; repo: string; path: string; start: number; end: number }
  | { kind: "commit"; repo: string; id: string }
  | { kind: "finding" | "dependency" | "hotspot" | "module" | "task" | "memory" | "cite"; id: string };

const KINDS = ["finding", "dependency", "hotspot", "module", "task", "memory", "cite"] as const;

/** The text for the address. */
export function peekText(target: PeekTarget): string {
  if (target.kind === "source") return `src:${target.repo}:${target.start}-${target.end}:${target.path}`;
  if (target.kind === "commit") return `commit:${target.repo}:${target.id}`;
  return `${target.kind}:${target.id}`;
}

/** Reads the text of an address; what is not understood is nothing. */
export function parsePeek(text: string | undefined): PeekTarget | null {
  if (!text) return null;
  const source = /^src:([^:]+):(\d{1,9})-(\d{1,9}):(.+)$/s.exec(text);
  if (source) {
    const [, repo, start, end, path] = source;
    return { kind: "source", repo: repo ?? "", path: path ?? "", start: Number(start), end: Number(end) };
  }
  const commit = /^commit:([^:]+):([0-9a-f]{40})$/.exec(text);
  if (commit) return { kind: "commit", repo: commit[1] ?? "", id: commit[2] ?? "" };
  const kind = KINDS.find((each) => text.startsWith(`${each}:`));
  return kind ? { kind, id: text.slice(kind.length + 1) } : null;
}
