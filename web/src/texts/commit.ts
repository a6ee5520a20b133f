import { formatCount, plural } from "@/lib/count";

/** The panel of one commit. */
export const commit = {
  what: "the commit",
  open: (id: string) => `Commit ${id}`,
  copy: "Copy the full id",
  written: (author: string) => `by ${author}`,
  committed: (when: string) => `committed ${when}`,
  merge: (parents: number) => `Merge of ${formatCount(parents)} lines of work: the files are those it brought to the first.`,
  edge: "The clone is shallow and ends here: every file of this commit seems new.",
  parents: "Follows",
  files: (count: number, more: boolean) => `${more ? "More than " : ""}${plural(count, "file", "files")} changed`,
  none: "No file changed.",
  listed: (shown: number, all: number) => `The first ${formatCount(shown)} of ${formatCount(all)}.`,
  fates: { added: "new", changed: "", removed: "gone" } as Record<string, string>,
  notCompared: "lines not compared",
  added: (lines: number) => `+${formatCount(lines)}`,
  removed: (lines: number) => `−${formatCount(lines)}`,
  told: (added: number, removed: number) => `${plural(added, "line", "lines")} added, ${formatCount(removed)} removed`,
};
