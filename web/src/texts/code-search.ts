import { plural } from "@/lib/count";

export const codeSearch = {
  title: "Search the code",
  field: "Words, a name or a question",
  submit: "Search",
  kinds: { name: "What to look for", passage: "Lines", symbol: "Definitions" },
  hint: "Finds lines by their words, the names they define and what they mean. Nothing leaves this server for it.",
  results: "search results",
  found: (count: number, files: number, commit: string) => `${plural(count, "result", "results")}, best first, of ${plural(files, "file", "files")} at ${commit}`,
  none: (text: string, files: number, commit: string) => `Nothing fits “${text}”. ${plural(files, "file was", "files were")} searched at ${commit}.`,
  noneHint: { passage: "Other words for the same thing may be in the code, or its name.", symbol: "Only names are compared. Lines are also found by what they mean." },
  recent: "Searched before in this browser",
  words: (terms: readonly string[]) => `words: ${terms.join(", ")}`,
  meaning: (share: number) => (share >= 0.995 ? "by meaning" : `${Math.round(share * 100)} % by meaning`),
} as const;
