import { plural } from "@/lib/count";

/** Credentials of the history. */
export const past = {
  title: "Secrets in the history",
  what: "secrets in the history",
  advice:
    "Whoever has a copy of the repository has these, whatever its files say today. Revoke or rotate each one where it was issued; taking it out of a file, or rewriting the history, does not make it safe again.",
  found: (total: number, commits: number) =>
    `${plural(total, "secret", "secrets")} in what ${plural(commits, "commit", "commits")} brought`,
  none: (commits: number) => `No secret in what ${plural(commits, "commit", "commits")} brought.`,
  truncated: "Older commits were not searched: there may be more.",
  listed: (shown: number, total: number) => `The first ${shown} of ${total}.`,
  more: (count: number) => `Show ${count} more`,
  columns: { severity: "Severity", secret: "Secret", commit: "Brought by", still: "In today\u2019s code?" },
  still: "Still there",
  gone: "Gone from the files",
  notSeen: "Not in the files read",
  inTest: "Test code",
  files: (count: number) => plural(count, "file", "files"),
  off: "The history of this repository was not searched for secrets. What was committed once is in every copy, also when no file has it any more.",
  offCost:
    "The first search reads what every commit brought: seconds for a small repository, minutes for a large one. Later ones read only new commits.",
  waits: "The history is searched with the next analysis.",
  turnOn: "Search the history",
  started: "The history is searched now",
  denied: "Members of this workspace can have it searched.",
};
